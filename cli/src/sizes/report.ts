import { describeBytes, describeBytesOfStage } from "../../../dockerfile/size/describe.ts";
import type { StageSizes } from "../../../dockerfile/size/run.ts";
import { unitWords } from "../../../dockerfile/size/unit.ts";
import { formatBytes, formatDelta } from "../../../oci/core/bytes.ts";
import { sectionsMarkdown, sectionsText, type Section } from "../output/sections.ts";
import { printable } from "../output/sinks.ts";
import { positionsOf } from "../positions.ts";
import type { Comparison } from "./compare.ts";
import { sizeJson } from "./layerJson.ts";
import type { ReadSizes } from "./readSizes.ts";

/** The sizes as text for a terminal, or as Markdown for a comment. */
export function sizesReport(read: ReadSizes, comparison: Comparison | undefined, format: "text" | "markdown"): string {
  const sections = comparison
    ? comparisonSections(comparison)
    : read.stages.map((stage) => stageSection(read, stage, format));
  const body = format === "text" ? sectionsText(sections) : sectionsMarkdown(sections, "Nothing");
  return [body, ...budgetText(read)].filter((part) => part !== "").join("\n\n");
}

function stageSection({ input, stages }: ReadSizes, sizes: StageSizes, format: "text" | "markdown"): Section {
  const { position, line } = positionsOf(input.text);
  const name = sizes.stage.name?.value;
  const unit = sizes.unit === "disk" ? `, ${unitWords.disk}` : "";
  const total = `total ${describeBytesOfStage(sizes.total)}${unit}`;
  return {
    title: name === undefined ? `stage ${stages.indexOf(sizes)}` : `stage ${printable(name)}`,
    titleInText: "none",
    head: ["line", "adds", "instruction", "because"],
    hasHeadInText: true,
    right: new Set([0, 1]),
    rows: sizes.layers.map((size) => {
      const at = position(size.layer.instruction.span.start).line;
      const { bytes, because } = sizeJson(size);
      const written = shorten(printable(line(at)));
      return [String(at + 1), describeBytes(bytes ?? undefined), { code: written }, { code: because }];
    }),
    summary: name === undefined || format === "markdown" ? total : `${total} (stage ${printable(name)})`,
  };
}

function comparisonSections({ name, changes, totals }: Comparison): readonly Section[] {
  const { before, after, delta } = totals;
  const unknown = [before, after].some((total) => total.unknown > 0) ? "not all of both is known" : undefined;
  const growth = delta === null ? (unknown ?? "unknown") : formatDelta(delta);
  return [
    {
      title: `compared with ${printable(name)}`,
      titleInText: "always",
      head: ["before", "after", "instruction"],
      hasHeadInText: true,
      right: new Set([0, 1]),
      rows: changes.map(({ before: old, after: now, instruction }) => [
        changedSize(old),
        changedSize(now),
        { code: shorten(printable(instruction)) },
      ]),
      summary: `total ${describeBytesOfStage(before)} → ${describeBytesOfStage(after)}: ${growth}`,
    },
  ];
}

function changedSize(size: Comparison["changes"][number]["before"]): string {
  return size === null ? "–" : describeBytes(size.bytes ?? undefined);
}

function budgetText({ input, budget }: ReadSizes): readonly string[] {
  if (!budget) return [];
  const { bytes, brokenAt } = budget;
  if (!brokenAt) return [`within the budget of ${formatBytes(bytes)}, as far as the sizes are known`];
  const line = positionsOf(input.text).position(brokenAt.size.layer.instruction.span.start).line + 1;
  const bound = brokenAt.isExact ? "" : "at least ";
  return [`line ${line} exceeds the budget of ${formatBytes(bytes)}: ${bound}${formatBytes(brokenAt.atLeast)} by then`];
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
