import { formatBytes } from "../../oci/core/bytes.ts";
import type { GridRow } from "../grid/row.ts";
import type { WasteReport, WasteRow } from "../protocol/messages.ts";
import { pathMatcher } from "./pathMatcher.ts";

export type WasteSort = "bytes" | "path";

/** One hidden version of a file, as a row of a flat grid. */
export interface WasteGridRow extends GridRow {
  readonly waste: WasteRow;
}

/** The rows whose path matches, in sort order. */
export function wasteRows(report: WasteReport, text: string, sort: WasteSort): readonly WasteGridRow[] {
  const matches = pathMatcher(text);
  const found = report.rows.filter(({ path }) => matches(path));
  if (sort === "path") found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.broughtBy - b.broughtBy));
  return found.map((waste, index) => ({
    waste,
    path: waste.path,
    label: waste.path,
    level: 1,
    isFolder: false,
    isOpen: false,
    position: index + 1,
    siblings: found.length,
  }));
}

/** The fate of a version: `removed`, `removed with var/cache`, `replaced`. */
export function howText({ how, through }: WasteRow): string {
  const words: Readonly<Record<WasteRow["how"], string>> = {
    removed: "removed",
    opaque: "hidden by an opaque folder",
    replaced: "replaced",
    attributes: "shipped again with other attributes",
    identical: "shipped again, identical",
  };
  if (through === undefined) return words[how];
  return how === "opaque" ? `hidden by the opaque folder ${through || "/"}` : `${words[how]} with ${through}`;
}

/** `layer 2: RUN apt-get update`. */
export function layerText(layer: number, steps: readonly string[]): string {
  const step = steps[layer - 1] ?? "";
  return step === "" ? `layer ${layer}` : `layer ${layer}: ${step}`;
}

/** `97.3 % efficient`; rounded down, so that 100 % means that nothing is wasted. */
export function efficiencyText(efficiency: number): string {
  return `${(Math.floor(efficiency * 1000) / 10).toLocaleString("en")} % efficient`;
}

/** The totals in one line. */
export function totalsText({ shippedBytes, visibleBytes, wastedBytes, efficiency }: WasteReport): string {
  return `image: ${formatBytes(shippedBytes)} shipped, ${formatBytes(visibleBytes)} visible, ${formatBytes(wastedBytes)} wasted, ${efficiencyText(efficiency)}`;
}

/**
 * Which layers contributed the waste, the base image's or later ones; empty if that is unknown or nothing is wasted.
 */
export function ownersText({ base, wastedBytes, steps }: WasteReport): string {
  if (base === undefined || wastedBytes === 0) return "";
  const own = wastedBytes - base.wastedBytes;
  if (base.layerCount >= steps.length) return `All ${formatBytes(base.wastedBytes)} came with the base image`;
  const layers = base.layerCount === 1 ? "layer 1" : `layers 1–${base.layerCount}`;
  return `${formatBytes(base.wastedBytes)} came with the base image (${layers}), ${formatBytes(own)} with the image's own layers`;
}
