import { allLabels } from "../labels.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "empty-label",
  group: "correctness",
  summary: "A label that the schema requires has no value",
  why: "A label that `label-schema` in `.hadolint.yaml` requires carries no information if it is empty.",
  severity: "warning",
  aliases: ["DL3051"],
  sources: ["https://docs.docker.com/reference/dockerfile/#label"],
  examples: [
    {
      bad: `FROM scratch
LABEL team="" other=""
      ^^^^ team has no value; give it one
`,
      good: `FROM scratch
ARG TEAM
LABEL team=$TEAM other=""
`,
      config: "label-schema: { team: text }\n",
    },
  ],
  *check(input) {
    for (const { key, value, pair } of allLabels(input)) {
      if (key !== undefined && value?.trim() === "" && input.config.labelSchema.has(key))
        yield { span: pair.key.span, data: key };
    }
  },
  message: (key) => `${key} has no value; give it one`,
});
