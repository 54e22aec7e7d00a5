import { insertAtEnd } from "../../edit/edits.ts";
import { imageLabels } from "../labels.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "missing-label",
  group: "correctness",
  summary: "The image lacks a label that the schema requires",
  why: "`label-schema` in `.hadolint.yaml` lists the labels that all your images must have. The labels of the final stage and of the stages it is built on count.",
  severity: "info",
  aliases: ["DL3049"],
  sources: ["https://github.com/hadolint/hadolint#linting-labels"],
  examples: [
    {
      bad: `FROM debian:12 AS base
LABEL team=core
FROM base
     ^^^^ The image lacks the label licence, which the label schema requires
CMD ["app"]
`,
      good: `FROM debian:12 AS base
LABEL team=core
FROM base
CMD ["app"]
LABEL licence=""
`,
      config: "label-schema: { team: text, licence: spdx }\n",
    },
  ],
  *check(input) {
    const stage = input.build.file.stages.at(-1);
    if (!stage?.base) return;
    const labels = imageLabels(input);
    // An unknown key may be any of them.
    if (labels.some(({ key }) => key === undefined)) return;
    const present = new Set(labels.map(({ key }) => key));
    for (const key of input.config.labelSchema.keys())
      if (!present.has(key)) yield { span: stage.base.span, data: key };
  },
  message: (key) => `The image lacks the label ${key}, which the label schema requires`,
  fixSafety: "unsafe",
  fix: ({ data: key }, { build: { file } }) =>
    /^[\w./-]+$/.test(key)
      ? { title: `Add the label ${key}`, changes: [insertAtEnd(file, `LABEL ${key}=""`)] }
      : undefined,
});
