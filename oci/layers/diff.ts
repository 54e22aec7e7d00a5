import { diff, diffSummary, type DiffRow, type DiffSummary } from "../core/diff.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { stackSides } from "../core/stack.ts";
import { readLayersUpTo, type ReadImage } from "./readUpTo.ts";
import type { LayerReader, Progress } from "../source/source.ts";

/** The file system made by the lowest layers of an image. */
export interface LayerSide<Source> {
  readonly source: Source;
  readonly image: Image;
  /** All layers if absent; 0 is an empty file system. */
  readonly layerCount?: number | undefined;
}

export interface LayerSides<Source> {
  readonly before: LayerSide<Source>;
  readonly after: LayerSide<Source>;
}

/** A comparison without its rows. */
export interface LayerDiff {
  /** Described by the source that was read; more exact if more was read. */
  readonly before: Image;
  readonly after: Image;
  readonly summary: DiffSummary;
  /** Layers that couldn't be read; their changes are missing in the rows. */
  readonly unreadable: readonly UnreadableLayer[];
  readonly rowCount: number;
}

export interface UnreadableLayer {
  readonly side: "before" | "after";
  /** Base is 0. */
  readonly index: number;
  readonly error: OciError;
}

export interface LayerDiffWithRows extends LayerDiff {
  /** Sorted by path. */
  readonly rows: readonly DiffRow[];
}

/** Reads both sides, shared layers once, and compares their file systems. */
export async function diffLayers(
  { before, after }: LayerSides<LayerReader>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<LayerDiffWithRows>> {
  const newer = await readLayersUpTo(after.source, { image: after.image, count: after.layerCount, onProgress }, signal);
  if (!newer.ok) return newer;
  const older = await readLayersUpTo(
    before.source,
    { image: before.image, count: before.layerCount, known: newer.value.known, onProgress },
    signal,
  );
  if (!older.ok) return older;
  const nothingKnown = ownProblem(older.value, newer.value);
  if (nothingKnown) return failure(nothingKnown);
  onProgress({ readBytes: 0, label: "comparing" });
  const stacked = stackSides({ before: older.value.contents, after: newer.value.contents });
  const rows = diff(stacked.before, stacked.after);
  return success({
    before: older.value.image,
    after: newer.value.image,
    summary: diffSummary(rows),
    unreadable: [...unreadable("before", older.value), ...unreadable("after", newer.value)],
    rowCount: rows.length,
    rows,
  });
}

/** The reason why there is nothing to compare: none of the layers that only one side has could be read. */
function ownProblem(before: ReadImage, after: ReadImage): OciError | undefined {
  const own = [...ownLayers(before, after), ...ownLayers(after, before)];
  return own.every((error) => error !== undefined) ? own[0] : undefined;
}

/** The problems of the layers that the other side doesn't have. */
function ownLayers({ image, contents, problems }: ReadImage, other: ReadImage): readonly (OciError | undefined)[] {
  const others = new Set(other.image.layers.slice(0, other.contents.length).map(({ diffId }) => diffId));
  return image.layers
    .slice(0, contents.length)
    .flatMap(({ diffId }, index) => (others.has(diffId) ? [] : [problems.get(index)]));
}

function unreadable(side: UnreadableLayer["side"], { problems }: ReadImage): readonly UnreadableLayer[] {
  return [...problems].map(([index, error]) => ({ side, index, error }));
}
