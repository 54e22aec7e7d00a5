import { defineRule } from "../rule.ts";

export default defineRule({
  id: "latest-tag",
  group: "reproducibility",
  summary: "A base image uses the tag `latest`",
  why: `\`latest\` is an ordinary tag, which its owner can move at any time, even across major versions. A build that worked yesterday can fail or change today although you changed nothing.

A digest makes the tag harmless: \`debian:latest@sha256:…\` is always the same image. For a reference without a tag, see [unpinned-base](unpinned-base.md).`,
  severity: "warning",
  aliases: ["DL3007"],
  sources: ["https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"],
  fixedBy: "pin",
  examples: [
    {
      bad: `FROM debian:latest
     ^^^^^^^^^^^^^ debian:latest can change between builds; use a version or pin the digest
`,
      good: `FROM debian:12
`,
    },
    {
      bad: `ARG VERSION=latest
FROM debian:\${VERSION}
     ^^^^^^^^^^^^^^^^^ debian:latest can change between builds; use a version or pin the digest
`,
      good: `ARG VERSION=12
FROM debian:\${VERSION}
`,
    },
  ],
  *check({ build }) {
    for (const { word, text, reference } of build.baseImages()) {
      if (reference.tag === "latest" && reference.digest === undefined) yield { span: word.span, data: text };
    }
  },
  message: (image) => `${image} can change between builds; use a version or pin the digest`,
});
