import { formatBytes } from "../../oci/core/bytes.ts";
import type { LayerSize, StageTotal, Trust } from "./estimator.ts";

export interface Described {
  readonly label: string;
  /** Plain text, several lines. */
  readonly tooltip: string;
}

/** What a hint says of a layer; undefined for an instruction that only changes the image's configuration. */
export function describeLayerSize(size: LayerSize): Described | undefined {
  switch (size.state) {
    case "pending":
      return { label: "…", tooltip: "The size is being looked up" };
    case "unknown":
      return { label: "size unknown", tooltip: `Unknown: ${size.reason}` };
    case "stage":
      return { label: formatTotal(size.total), tooltip: `All of stage ${size.stageName}\n${explainTotal(size.total)}` };
    case "estimated":
      if (!fileInstructions.has(size.layer.instruction.keyword.value)) return undefined;
      return {
        label: formatRange(size.estimate, size.trust),
        tooltip: `${exactBytes(size.estimate)} of file content, ${size.trust}: ${size.estimate.because}`,
      };
  }
}

/** The total of a stage: `total 117 MB`, `total ≥ 81.2 MB + 2 unknown`. */
export function describeTotal(total: StageTotal): Described {
  return { label: `total ${formatTotal(total)}`, tooltip: explainTotal(total) };
}

/** A size in a table that explains itself beside it: `117 MB`, `40 MB–90 MB`, `unknown`. */
export function describeBytes(bytes: { readonly low: number; readonly high: number } | undefined): string {
  if (!bytes) return "unknown";
  const { low, high } = bytes;
  return low === high ? formatBytes(low) : `${formatBytes(low)}–${formatBytes(high)}`;
}

/** The total of a stage in such a table: `117 MB`, `≥ 81.2 MB + 2 unknown`. */
export function describeBytesOfStage(total: StageTotal): string {
  const sum = describeBytes(total);
  return total.unknown > 0 ? `≥ ${sum} + ${total.unknown} unknown` : sum;
}

const fileInstructions: ReadonlySet<string> = new Set(["FROM", "RUN", "COPY", "ADD"]);

function formatTotal(total: StageTotal): string {
  if (total.pending > 0) return "…";
  if (total.unknown > 0) return total.low === 0 ? "unknown" : `≥ ${formatBytes(total.low)} + ${total.unknown} unknown`;
  return formatRange(total, "computed");
}

function explainTotal(total: StageTotal): string {
  const parts = [`${exactBytes(total)} of file content, base included`];
  if (total.unknown > 0)
    parts.push(`${total.unknown} ${total.unknown === 1 ? "layer is" : "layers are"} unknown and not in the sum`);
  if (total.pending > 0)
    parts.push(`${total.pending} ${total.pending === 1 ? "layer is" : "layers are"} still being looked up`);
  return parts.join("\n");
}

/** `117 MB` exact, `≈ 3 MB` computed with some play, `~ 40–90 MB` guessed. */
function formatRange({ low, likely, high }: { low: number; likely: number; high: number }, trust: Trust): string {
  if (low === high) return formatBytes(likely);
  return trust === "guessed" ? `~ ${formatBytes(low)} – ${formatBytes(high)}` : `≈ ${formatBytes(likely)}`;
}

function exactBytes({ low, high }: { low: number; high: number }): string {
  const group = (count: number) => count.toLocaleString("en-US");
  return low === high ? `${group(low)} bytes` : `${group(low)} to ${group(high)} bytes`;
}
