import { diff, diffSummary, type DiffRow, type DiffSummary } from "../../../oci/core/diff.ts";
import type { LayerContent } from "../../../oci/core/entry.ts";
import type { OciError } from "../../../oci/core/error.ts";
import type { Image, Layer } from "../../../oci/core/image.ts";
import type { TreeNode } from "../../../oci/core/layerTree.ts";
import { stack, stackSides } from "../../../oci/core/stack.ts";
import { waste, type Waste } from "../../../oci/core/waste.ts";
import { duplicates, type DuplicateGroup } from "../../../oci/images/duplicates.ts";
import type { PackageComparison } from "../../../oci/layers/aspects.ts";
import { readLayersUpTo } from "../../../oci/layers/readUpTo.ts";
import type { ImageLines } from "../imageLines.ts";
import { valueOf, type ImageOpener, type OpenedImage } from "../openImage.ts";

/** Everything that a report on an image shows. */
export interface ImageView extends ReadImage {
  /** The number of lowest layers that belong to the base image; undefined if it wasn't named. */
  readonly baseLayerCount: number | undefined;
  readonly lines: ImageLines;
}

/** The content of an image, as far as it was read. */
export interface ReadImage {
  readonly image: Image;
  readonly layers: readonly LayerView[];
  readonly root: TreeNode;
  readonly waste: Waste;
  readonly duplicates: readonly DuplicateGroup[];
  readonly packages: PackageComparison;
}

export interface LayerView {
  readonly layer: Layer;
  /** The reason why the layer couldn't be read. */
  readonly problem: OciError | undefined;
  /** Undefined if the layers have too many entries to compare each with those below. */
  readonly changes: LayerChanges | undefined;
}

export interface LayerChanges {
  /** The layer's changes to the file system, largest first; those beyond a limit are left out. */
  readonly rows: readonly DiffRow[];
  readonly rowCount: number;
  readonly summary: DiffSummary;
}

/** Keeps a report of a large image readable, and small enough for a browser. */
export const maxRows = 200;

// A file system is built for each layer: with 57,000 entries and 100 layers this takes about 10 s.
const maxStacked = 20_000_000;

/** Reads all layers of an image and computes their changes. */
export async function readView(
  opener: ImageOpener,
  { image, layers: reader }: OpenedImage,
  signal: AbortSignal,
): Promise<ReadImage> {
  const read = valueOf(await readLayersUpTo(reader, { image }, signal));
  const source = reader.layerSource;
  const sides = { before: { source, image, layerCount: 0 }, after: { source, image } };
  const { packages } = valueOf(await opener.aspects({ ...sides, aspects: ["packages"] }, () => undefined, signal));
  const stacked = stack(read.contents);
  return {
    image: read.image,
    layers: layerViews(read.image, read.contents, read.problems),
    root: stacked.root,
    waste: waste(stacked, read.contents.length),
    duplicates: duplicates(stacked.root),
    packages: packages ?? { changes: [], counts: { before: 0, after: 0 }, unread: [] },
  };
}

function layerViews(
  image: Image,
  contents: readonly LayerContent[],
  problems: ReadonlyMap<number, OciError>,
): readonly LayerView[] {
  let stacked = 0;
  return image.layers.map((layer, index): LayerView => {
    const problem = problems.get(index);
    const lowest = contents.slice(0, index + 1);
    stacked += lowest.reduce((sum, { entryCount }) => sum + entryCount, 0);
    if (stacked > maxStacked) return { layer, problem, changes: undefined };
    const sides = stackSides({ before: contents.slice(0, index), after: lowest });
    const rows = diff(sides.before, sides.after);
    const largest = [...rows].sort((a, b) => Math.abs(b.deltaBytes) - Math.abs(a.deltaBytes)).slice(0, maxRows);
    return { layer, problem, changes: { rows: largest, rowCount: rows.length, summary: diffSummary(rows) } };
  });
}
