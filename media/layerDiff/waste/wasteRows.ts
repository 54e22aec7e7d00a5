import { formatBytes } from "../../../oci/core/bytes.ts";
import { pathMatcher } from "../../../oci/core/match/pathMatcher.ts";
import { compareText } from "../../../oci/core/text.ts";
import type { WasteReport, WasteRow } from "../../protocol/messages.ts";
import type { ListRow } from "../list/listBody.ts";
import { wasteRowMenu } from "../rowMenu.ts";
import { l10n } from "../../protocol/l10n.ts";

export type WasteSort = "bytes" | "path";

/** A hidden version of a file, or a folder of them. */
export interface WasteGridRow extends ListRow {
  /** Absent for a folder. */
  readonly waste?: WasteRow;
  readonly bytes: number;
  /** The whole path, and the content of a folder. */
  readonly tip: string;
}

/** The layers that added the waste. */
export type WasteOwner = "base" | "own";

/** The hidden versions whose path matches, of the shown owners; none if the text isn't a filter. */
export function wasteFound(
  { rows, base }: WasteReport,
  text: string,
  owners: ReadonlySet<WasteOwner>,
): readonly WasteRow[] {
  const matches = pathMatcher(text);
  const ownerOf = ({ broughtBy }: WasteRow): WasteOwner => (broughtBy <= (base?.layerCount ?? 0) ? "base" : "own");
  return rows.filter((row) => matches?.(row.path) === true && owners.has(ownerOf(row)));
}

/** Hidden versions as whole paths, without their folders. */
export function wasteRows(found: readonly WasteRow[], sort: WasteSort): readonly WasteGridRow[] {
  return [...found]
    .sort((a, b) => compareRows(sort, a, b) || a.broughtBy - b.broughtBy)
    .map((waste, index) => ({
      waste,
      bytes: waste.bytes,
      menu: wasteRowMenu(waste),
      path: `${waste.path} ${waste.broughtBy}`,
      label: waste.path,
      tip: `/${waste.path}`,
      level: 1,
      isFolder: false,
      isOpen: false,
      position: index + 1,
      siblings: found.length,
    }));
}

interface Sortable {
  readonly path: string;
  readonly bytes: number;
}

export function compareRows(sort: WasteSort, a: Sortable, b: Sortable): number {
  return (sort === "bytes" ? b.bytes - a.bytes : 0) || compareText(a.path, b.path);
}

/** The fate of a version: `removed`, `removed with var/cache`, `replaced`. */
export function howText({ how, through }: WasteRow): string {
  const words: Readonly<Record<WasteRow["how"], string>> = {
    removed: l10n.t("removed"),
    opaque: l10n.t("hidden by an opaque folder"),
    replaced: l10n.t("replaced"),
    attributes: l10n.t("shipped again with other attributes"),
    identical: l10n.t("shipped again, identical"),
  };
  if (through === undefined) return words[how];
  return how === "opaque"
    ? l10n.t("hidden by the opaque folder {0}", through || "/")
    : l10n.t("{0} with {1}", words[how], through);
}

/** `layer 2: RUN apt-get update`, `layer 3 (line 12): COPY . .`. */
export function layerText(layer: number, { steps, origin }: Pick<WasteReport, "steps" | "origin">): string {
  const step = steps[layer - 1] ?? "";
  const line = origin?.lines[layer - 1];
  const name = typeof line === "number" ? l10n.t("layer {0} (line {1})", layer, line) : l10n.t("layer {0}", layer);
  return step === "" ? name : `${name}: ${step}`;
}

/** `97.3 % efficient`; rounded down, so that 100 % means that nothing is wasted. */
export function efficiencyText(efficiency: number): string {
  return l10n.t("{0} % efficient", (Math.floor(efficiency * 1000) / 10).toLocaleString("en"));
}

/** The totals in one line. */
export function totalsText({ shippedBytes, visibleBytes, wastedBytes, efficiency }: WasteReport): string {
  return l10n.t(
    "{0} shipped, {1} visible, {2} wasted, {3}",
    formatBytes(shippedBytes),
    formatBytes(visibleBytes),
    formatBytes(wastedBytes),
    efficiencyText(efficiency),
  );
}

/**
 * Which layers contributed the waste, the base image's or later ones; empty if that is unknown or nothing is wasted.
 */
export function ownersText({ base, wastedBytes, steps }: WasteReport): string {
  if (base === undefined || wastedBytes === 0) return "";
  const own = wastedBytes - base.wastedBytes;
  if (base.layerCount >= steps.length) return l10n.t("All {0} came with the base image", formatBytes(base.wastedBytes));
  const layers = base.layerCount === 1 ? l10n.t("layer {0}", 1) : l10n.t("layers 1–{0}", base.layerCount);
  return l10n.t(
    "{0} came with the base image ({1}), {2} with the image's own layers",
    formatBytes(base.wastedBytes),
    layers,
    formatBytes(own),
  );
}
