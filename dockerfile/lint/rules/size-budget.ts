import { formatBytes } from "../../../oci/core/bytes.ts";
import { breakOf, writtenBudget, type BudgetBreak } from "../../size/budget.ts";
import { defineRule } from "../rule.ts";

type Data =
  | { readonly kind: "unreadable"; readonly text: string }
  | { readonly kind: "broken"; readonly at: BudgetBreak; readonly budget: number };

export default defineRule<Data>({
  id: "size-budget",
  group: "size",
  summary: "The image exceeds its size budget",
  why: `A budget keeps an image from growing unnoticed. Write it into the file, \`# imagewright: budget 120MB\`, or set \`imagewright.sizes.budget\`; the comment overrides the setting. It applies to the image that a build without a target produces, base image included.

The finding is on the line that exceeds the budget. Only certain bytes count: for a line whose size is unknown or a range, the minimum.`,
  severity: "warning",
  aliases: [],
  sources: [],
  examples: [
    {
      bad: `# imagewright: budget 100MB
FROM debian:12
^^^^ The image has 117 MB here, 16.6 MB above its budget of 100 MB
`,
      good: `# imagewright: budget 120MB
FROM debian:12
`,
      facts: [
        [
          { kind: "baseImage", reference: "debian:12" },
          { bytes: 116_600_000, id: "sha256:00", user: "", env: [], workingDir: "" },
        ],
      ],
    },
    {
      bad: `# imagewright: budget small
                      ^^^^^ "small" isn't a size; write one such as 120MB
FROM scratch
`,
      good: `# imagewright: budget 1.5GB
FROM scratch
`,
    },
  ],
  *check({ build, config }) {
    const written = writtenBudget(build.file);
    if (written && written.bytes === undefined)
      yield { span: written.span, data: { kind: "unreadable", text: written.text } };
    const budget = written ? written.bytes : config.sizeBudget;
    const target = build.file.stages.at(-1);
    if (budget === undefined || !target) return;
    const at = breakOf(build, target, budget);
    if (at) yield { span: at.size.layer.instruction.keyword.span, data: { kind: "broken", at, budget } };
  },
  message(data) {
    if (data.kind === "unreadable") return `"${data.text}" isn't a size; write one such as 120MB`;
    const { at, budget } = data;
    const bound = at.isExact ? "" : "at least ";
    const excess = formatBytes(at.atLeast - budget);
    return `The image has ${bound}${formatBytes(at.atLeast)} here, ${excess} above its budget of ${formatBytes(budget)}`;
  },
});
