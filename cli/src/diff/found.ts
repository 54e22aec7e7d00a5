import type { DiffRow, DiffSummary } from "../../../oci/core/diff.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { LayerPair } from "../../../oci/images/alignLayers.ts";
import type { ConfigChange } from "../../../oci/images/configDiff.ts";
import type { HistoryChange } from "../../../oci/images/historyDiff.ts";
import type { PackageComparison } from "../../../oci/layers/aspects.ts";
import type { UnreadableLayer } from "../../../oci/layers/diff.ts";

/** What a comparison found; absent is what was not compared. */
export interface Found {
  readonly before: Image;
  readonly after: Image;
  readonly files?: FileChanges;
  /** Absent too where a side ends at a layer: a configuration is the whole image's. */
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

/** Whether anything differs. What `--semantic` ignores is not in the lists, but for layers that were only built again. */
export function isDifferent(found: Found, comparing: { readonly isSemantic: boolean }): boolean {
  const { files, config = [], history = [], layers = [], packages } = found;
  const lists = [files?.rows ?? [], config, history, packages?.changes ?? []];
  const isAlike = (kind: LayerPair["kind"]): boolean => kind === "same" || (comparing.isSemantic && kind === "rebuilt");
  return lists.some(({ length }) => length > 0) || layers.some(({ kind }) => !isAlike(kind));
}

/** What could not be compared, in sentences. */
export function gapsOf({ packages }: Found): readonly string[] {
  return (packages?.unread ?? []).map((what) =>
    what === "rpm"
      ? "rpm's database can't be read here, so its packages are not compared"
      : `packages: ${what} can't be read; what it lists is missing`,
  );
}
