import { suppressionLists } from "../suppress.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "ignore-comment",
  summary: "A comment silences rules",
  why: "Where findings have to be dealt with rather than silenced, the comments that silence them are findings too. Off unless enabled.",
  severity: "off",
  aliases: ["DL1001"],
  sources: ["https://github.com/hadolint/hadolint#ignoring-rules"],
  examples: [
    {
      bad: `# hadolint global ignore=DL3006
                         ^^^^^^ This comment silences dl3006
FROM debian:12
`,
      good: `FROM debian:12
`,
    },
  ],
  *check({ file }) {
    for (const { names, namesSpan } of suppressionLists(file)) yield { span: namesSpan, data: names };
  },
  message: (names) => `This comment silences ${names.join(", ")}`,
});
