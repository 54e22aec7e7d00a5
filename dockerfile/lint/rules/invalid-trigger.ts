import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "invalid-trigger",
  group: "correctness",
  kinds: ["onbuild"],
  summary: "`ONBUILD` is followed by an instruction that can't be a trigger",
  why: "A trigger runs right after the `FROM` of a Dockerfile that builds on this image. `FROM`, `MAINTAINER` and another `ONBUILD` make no sense there, and the build rejects them.",
  aliases: ["DL3043"],
  sources: ["https://docs.docker.com/reference/dockerfile/#onbuild-limitations"],
  examples: [
    {
      bad: `FROM alpine:3.22
ONBUILD FROM debian:12
        ^^^^ FROM can't follow ONBUILD
`,
      good: `FROM alpine:3.22
ONBUILD RUN true
`,
    },
  ],
});
