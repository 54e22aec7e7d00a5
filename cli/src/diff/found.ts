import type { DiffRow, DiffSummary } from "../../../oci/core/diff.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { LayerPair } from "../../../oci/images/alignLayers.ts";
import type { ConfigChange } from "../../../oci/images/configDiff.ts";
import type { HistoryChange } from "../../../oci/images/historyDiff.ts";
import type { PackageComparison } from "../../../oci/layers/aspects.ts";
import type { UnreadableLayer } from "../../../oci/layers/diff.ts";

/** The differences by subject; a subject that wasn't compared is absent. */
export interface Found {
  readonly before: Image;
  readonly after: Image;
  readonly files?: FileChanges;
  /** Also absent if a side ends at a layer: a configuration belongs to the whole image. */
  readonly config?: readonly ConfigChange[];
  readonly history?: readonly HistoryChange[];
  readonly layers?: readonly LayerPair[];
  readonly packages?: PackageComparison;
}

export interface FileChanges {
  readonly rows: readonly DiffRow[];
  readonly summary: DiffSummary;
  readonly unreadable: readonly UnreadableLayer[];
}

/**
 * True if anything differs. The lists don't contain what `--semantic` ignores, except for layers that were only
 * rebuilt.
 */
export function isDifferent(found: Found, comparing: { readonly isSemantic: boolean }): boolean {
  const { files, config = [], history = [], layers = [], packages } = found;
  const lists = [files?.rows ?? [], config, history, packages?.changes ?? []];
  const isAlike = (kind: LayerPair["kind"]): boolean => kind === "same" || (comparing.isSemantic && kind === "rebuilt");
  return lists.some(({ length }) => length > 0) || layers.some(({ kind }) => !isAlike(kind));
}

/** The subjects that couldn't be compared, in sentences. */
export function gapsOf({ packages }: Found): readonly string[] {
  return (packages?.unread ?? []).map((what) =>
    what === "rpm"
      ? "rpm's database can't be read here, so its packages are not compared"
      : `packages: ${what} can't be read; what it lists is missing`,
  );
}
