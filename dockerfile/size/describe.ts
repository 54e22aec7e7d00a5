import { formatBytes, formatDelta } from "../../oci/core/bytes.ts";
import { grouped } from "../../oci/core/text.ts";
import type { SizeUnit } from "../facts/fact.ts";
import { describeDetails } from "./details.ts";
import { lineNumberOf } from "../syntax/lineNumber.ts";
import type { Estimate, LayerSize, StageTotal, Trust, UnknownSize } from "./estimator.ts";
import type { StageSizes } from "./run.ts";
import { sizeUnitOf, unitWords } from "./unit.ts";

export interface Described {
  readonly label: string;
  /** Plain text, several lines. */
  readonly tooltip: string;
  /** Lines of the file to list as links below the tooltip. */
  readonly lines?: readonly DescribedLine[];
}

/** A line of the file, counted from 1, and its description. */
export interface DescribedLine {
  readonly line: number;
  readonly text: string;
}

/** The hint for a layer; undefined for an instruction that only changes the image's configuration. */
export function describeLayerSize(size: LayerSize): Described | undefined {
  switch (size.state) {
    case "pending":
      return { label: "…", tooltip: "Looking up the size" };
    case "unknown":
      return describeUnknown(size);
    case "stage":
      return {
        label: formatTotal(size.total),
        tooltip: `All of stage ${size.stageName}\n${explainTotal(size.total, sizeUnitOf(size.layer.build))}`,
      };
    case "estimated":
      if (!fileInstructions.has(size.layer.instruction.keyword.value)) return undefined;
      return { label: formatRange(size.estimate, size.trust), tooltip: explainEstimate(size.estimate, size.trust) };
  }
}

/** The total of a stage: `total 117 MB`, `total ≈ 142 MB (+3.10 MB since last build)`, `total ≥ 81.2 MB + ?`. */
export function describeTotal({ total, unit, unknown, isPartlyOld, sinceLastBuild = 0 }: StageSizes): Described {
  const isExact = total.pending === 0 && total.unknown === 0 && total.low === total.high;
  const sum = formatTotal(total);
  const growth = sinceLastBuild === 0 ? "" : ` (${formatDelta(sinceLastBuild)} since last build)`;
  return {
    label: `total ${isPartlyOld && isExact ? `≈ ${sum}` : sum}${growth}`,
    tooltip: [explainTotal(total, unit), ...(isPartlyOld ? ["Includes sizes of the last build"] : [])].join("\n"),
    lines: linesOf(unknown),
  };
}

/** A size for a table with an explanation next to it: `117 MB`, `40 MB–90 MB`, `unknown`. */
export function describeBytes(bytes: { readonly low: number; readonly high: number } | undefined): string {
  if (!bytes) return "unknown";
  const { low, high } = bytes;
  return low === high ? formatBytes(low) : `${formatBytes(low)}–${formatBytes(high)}`;
}

/** A stage's total for such a table: `117 MB`, `≥ 81.2 MB + 2 unknown`. */
export function describeBytesOfStage(total: StageTotal): string {
  const sum = describeBytes(total);
  return total.unknown > 0 ? `≥ ${sum} + ${total.unknown} unknown` : sum;
}

const fileInstructions: ReadonlySet<string> = new Set(["FROM", "RUN", "COPY", "ADD"]);
/** A tooltip is read at a glance. */
const maxListed = 8;

function describeUnknown({ layer, reason, atLeast, details }: UnknownSize): Described {
  const known = atLeast > 0 ? [`At least ${exactBytes({ low: atLeast, high: atLeast })}`] : [];
  const isRun = layer.instruction.keyword.value === "RUN";
  const what = isRun ? "Size known only after a build" : "Size unknown";
  const tooltip = [`${what}: ${reason}`, ...known, ...(details ? describeDetails(details) : [])].join("\n");
  return { label: floorOf(atLeast), tooltip };
}

/** `≥ 423 kB + ?`, or `?` if nothing is known. */
function floorOf(atLeast: number): string {
  return atLeast > 0 ? `≥ ${formatBytes(atLeast)} + ?` : "?";
}

/** The first lines that are missing from a total. */
function linesOf(unknown: readonly UnknownSize[]): readonly DescribedLine[] {
  return unknown
    .slice(0, maxListed)
    .map(({ layer, reason }) => ({ line: lineNumberOf(layer.build.file, layer.instruction), text: reason }));
}

function formatTotal(total: StageTotal): string {
  if (total.pending > 0) return "…";
  return total.unknown > 0 ? floorOf(total.low) : formatRange(total, "computed");
}

function explainTotal(total: StageTotal, unit: SizeUnit): string {
  const parts = [`${exactBytes(total)} of ${unitWords[unit]}, including the base image`];
  if (total.unknown > 0)
    parts.push(`Not included: ${total.unknown} ${total.unknown === 1 ? "layer" : "layers"} of unknown size`);
  if (total.pending > 0) parts.push(`Looking up ${total.pending} more ${total.pending === 1 ? "layer" : "layers"}`);
  return parts.join("\n");
}

const trustWords: Readonly<Record<Trust, string>> = {
  measured: "measured",
  computed: "computed",
  "last build": "measured in the last build",
  learned: "mostly counted in other images",
  guessed: "estimated",
};

function explainEstimate(estimate: Estimate, trust: Trust): string {
  const { because, details, unit = "content" } = estimate;
  const size = `${exactBytes(estimate)} of ${unitWords[unit]}, ${trustWords[trust]}: ${because}`;
  return [size, ...(details ? describeDetails(details) : [])].join("\n");
}

/**
 * `117 MB` if exact, `≈ 3 MB` if computed or learned with some tolerance, `≈ 3 MB · last build`, `≈ 118 MB ±8 %` if
 * guessed.
 */
function formatRange({ low, likely, high }: { low: number; likely: number; high: number }, trust: Trust): string {
  if (trust === "last build") return `≈ ${formatBytes(likely)} · last build`;
  if (low === high) return formatBytes(likely);
  return trust === "guessed"
    ? `≈ ${formatBytes(likely)} ±${percentOf({ low, likely, high })} %`
    : `≈ ${formatBytes(likely)}`;
}

/** The maximum error in percent, rounded up. */
function percentOf({ low, likely, high }: { low: number; likely: number; high: number }): number {
  return Math.ceil((Math.max(high - likely, likely - low) / Math.max(likely, 1)) * 100);
}

function exactBytes({ low, high }: { low: number; high: number }): string {
  return low === high ? `${grouped(low)} bytes` : `${grouped(low)} to ${grouped(high)} bytes`;
}
