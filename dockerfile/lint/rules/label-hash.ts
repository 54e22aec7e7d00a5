import { defineLabelFormatRule } from "../labels.ts";

export default defineLabelFormatRule({
  id: "label-hash",
  group: "correctness",
  summary: "A label for a commit isn't a Git hash",
  why: "Only a hash names one commit permanently: branches and tags move. A short one has seven digits or more, a full one 40 (64 with SHA-256).",
  aliases: ["DL3055"],
  sources: ["https://git-scm.com/docs/gitrevisions"],
  format: "hash",
  examples: [
    {
      bad: `FROM scratch
LABEL revision=main
               ^^^^ revision is not a valid Git hash; use the output of "git rev-parse HEAD"
`,
      good: `FROM scratch
LABEL revision=d7d27f4
ARG COMMIT
LABEL revision=$COMMIT
`,
      config: "label-schema: { revision: hash }\n",
    },
  ],
  isValid: (value) => /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i.test(value),
  message: (key) => `${key} is not a valid Git hash; use the output of "git rev-parse HEAD"`,
});
