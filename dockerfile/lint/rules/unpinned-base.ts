import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unpinned-base",
  group: "reproducibility",
  summary: "A base image has neither a tag nor a digest",
  why: `Without a tag, an image reference means \`latest\`: whatever that is on the day of the build. The same Dockerfile then builds different images, and breaks when a new major version becomes the latest.

A version tag says what you build on; a digest pins it to the byte. Build arguments have their defaults. A reference that depends on an argument without a default, \`scratch\` and earlier stages are not reported.`,
  severity: "warning",
  aliases: ["DL3006"],
  sources: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "https://docs.docker.com/reference/dockerfile/#from",
  ],
  fixedBy: "pin",
  examples: [
    {
      bad: `FROM debian
     ^^^^^^ debian has no tag, so it is whatever latest is on build day; use a version or pin the digest
RUN true
`,
      good: `FROM debian:12
RUN true
`,
    },
    {
      bad: `ARG BASE=ghcr.io/acme/base
FROM \${BASE} AS build
     ^^^^^^^ ghcr.io/acme/base has no tag, so it is whatever latest is on build day; use a version or pin the digest
FROM build
`,
      good: `ARG BASE=ghcr.io/acme/base:1.4
FROM \${BASE} AS build
FROM build
`,
    },
  ],
  *check({ build }) {
    for (const { word, text, reference } of build.baseImages()) {
      if (reference.tag === undefined && reference.digest === undefined) yield { span: word.span, data: text };
    }
  },
  message: (image) => `${image} has no tag, so it is whatever latest is on build day; use a version or pin the digest`,
});
