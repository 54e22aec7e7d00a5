import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "invalid-flag",
  group: "correctness",
  kinds: ["unknownFlag", "duplicateFlag", "flagValue", "mount", "checksum", "chmod", "platform"],
  summary: "The instruction doesn't accept this flag or value",
  why: "Flags come between the keyword and its arguments. The build stops at a flag that the instruction doesn't have, at one that is repeated, and at an invalid value.",
  aliases: ["DL1000"],
  sources: ["https://docs.docker.com/reference/dockerfile/"],
  examples: [
    {
      bad: `FROM alpine:3.22
RUN --mout=type=cache,target=/c true
      ^^^^ Unknown flag "--mout" for RUN: did you mean --mount?
`,
      good: `FROM alpine:3.22
RUN --mount=type=cache,target=/c true
`,
    },
  ],
});
