import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "no-stage",
  group: "correctness",
  kinds: ["emptyFile", "noFrom", "beforeFrom"],
  summary: "An instruction comes before the first `FROM`, or the file has no `FROM`",
  why: "A stage begins with `FROM`; only `ARG` is allowed before the first. The rest of such a file is checked as if it were one stage.",
  aliases: ["DL3061"],
  sources: ["https://docs.docker.com/reference/dockerfile/#from"],
  examples: [
    {
      bad: `RUN true
^^^ The file has no FROM, so there is nothing to build; start with FROM and an image, or with FROM scratch
`,
      good: `FROM alpine:3.22
RUN true
`,
    },
  ],
});
