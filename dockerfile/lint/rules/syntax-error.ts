import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "syntax-error",
  group: "correctness",
  kinds: [
    "argumentCount",
    "stageName",
    "keyValue",
    "heredoc",
    "json",
    "healthcheck",
    "directive",
    "expansion",
    "line",
    "other",
  ],
  summary: "The build rejects the syntax of an instruction",
  why: "The build stops here. The rest of the file is still checked.",
  aliases: ["DL1000"],
  sources: ["https://docs.docker.com/reference/dockerfile/"],
  examples: [
    {
      bad: `FROM alpine:3.22
SHELL bash
      ^^^^ SHELL takes the JSON form only: each word in double quotes, all in brackets
`,
      good: `FROM alpine:3.22
SHELL ["bash"]
`,
    },
    {
      bad: `FROM alpine:3.22
COPY a
     ^ COPY has a source but no destination; write where "a" goes after it
`,
      good: `FROM alpine:3.22
COPY a /a
`,
    },
  ],
});
