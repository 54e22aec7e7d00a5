import { nearestName } from "../../syntax/nearestName.ts";
import { allLabels } from "../labels.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "label-not-in-schema",
  group: "correctness",
  summary: "A label isn't in the schema",
  why: "With `strict-labels` in `.hadolint.yaml` an image may have only the labels of `label-schema`, so a typo in a key doesn't go unnoticed.",
  severity: "info",
  aliases: ["DL3050"],
  sources: ["https://github.com/hadolint/hadolint#linting-labels"],
  examples: [
    {
      bad: `FROM scratch
LABEL taem=core team=core
      ^^^^ taem is not in the label schema; did you mean team?
`,
      good: `FROM scratch
LABEL team=core team=core
`,
      config: "strict-labels: true\nlabel-schema: { team: text }\n",
    },
  ],
  *check(input) {
    const { labelSchema, strictLabels } = input.config;
    if (!strictLabels) return;
    for (const { key, pair } of allLabels(input)) {
      if (key !== undefined && !labelSchema.has(key))
        yield {
          span: pair.key.span,
          data: { key, meant: nearestName(key, labelSchema.keys()), isWritten: pair.key.value === key },
        };
    }
  },
  message: ({ key, meant }) =>
    `${key} is not in the label schema; ${meant === undefined ? "remove it, or add it to label-schema" : `did you mean ${meant}?`}`,
  fixSafety: "unsafe",
  fix: ({ span, data: { meant, isWritten } }) =>
    meant !== undefined && isWritten ? { title: `Write ${meant}`, changes: [{ span, text: meant }] } : undefined,
});
