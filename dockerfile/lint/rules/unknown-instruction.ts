import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "unknown-instruction",
  group: "correctness",
  kinds: ["unknownInstruction"],
  summary: "The instruction doesn't exist",
  why: "The build stops at the first word that isn't an instruction. Often it is misspelled, or the line above lacks the backslash that would continue it.",
  aliases: ["DL1000"],
  sources: ["https://docs.docker.com/reference/dockerfile/#overview"],
  examples: [
    {
      bad: `FROM alpine:3.22
COPPY a /a
^^^^^ Unknown instruction "COPPY": did you mean COPY?
`,
      good: `FROM alpine:3.22
COPY a /a
`,
    },
  ],
});
