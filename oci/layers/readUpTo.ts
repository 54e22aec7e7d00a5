import { emptyContent } from "../core/columns/emptyContent.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withContents, type Image } from "../core/image.ts";
import { missingBlobs } from "../source/missingBlobs.ts";
import { counted } from "../core/text.ts";
import type { LayerReader, LayerRequest } from "../source/source.ts";

export interface LayersUpTo {
  readonly image: Image;
  /** All layers if absent. */
  readonly count?: number | undefined;
  /** Layers that have already been read. */
  readonly known?: ReadonlyMap<DiffId, LayerContent>;
  readonly onProgress?: LayerRequest["onProgress"];
}

/** An image with the content of its lowest layers. */
export interface ReadImage {
  /** Described by the source that was read, which may be more exact than the request. */
  readonly image: Image;
  /** Lowest first; empty for a layer that couldn't be read. */
  readonly contents: readonly LayerContent[];
  /** The errors by layer index; base is 0. The changes of such a layer are missing. */
  readonly problems: ReadonlyMap<number, OciError>;
  /** These layers, and those known before. */
  readonly known: ReadonlyMap<DiffId, LayerContent>;
}

/**
 * Reads the lowest layers of an image. A layer that can't be read is reported and left out; the result fails if all of
 * them are.
 */
export async function readLayersUpTo(
  reader: LayerReader,
  { image, count, known = new Map(), onProgress }: LayersUpTo,
  signal: AbortSignal,
): Promise<Result<ReadImage>> {
  if (image.contentFrom?.kind === "nowhere") return failure(missingBlobs(image));
  const has = image.layers.length;
  if (count !== undefined && count > has)
    return failure({
      kind: "notFound",
      what: `layer ${count} of ${image.reference}`,
      message: `${image.reference} has ${counted(has, "layer")}`,
    });
  const lowest = image.layers.slice(0, count).map(({ diffId }) => diffId);
  const wanted = lowest.filter((diffId) => !known.has(diffId));
  if (wanted.length === 0)
    return success({
      image: withContents(image, known),
      contents: lowest.flatMap((diffId) => known.get(diffId) ?? []),
      problems: new Map(),
      known,
    });
  const read = await reader.layers(image, { wanted, ...(onProgress && { onProgress }) }, signal);
  if (!read.ok) return read;
  const all = new Map([...known, ...read.value.contents]);
  const problems = new Map<number, OciError>();
  const contents = lowest.map((diffId, index) => {
    const content = all.get(diffId);
    if (!content) problems.set(index, read.value.problems?.get(diffId) ?? notSent(diffId, image));
    return content ?? emptyContent;
  });
  const [first] = problems.values();
  if (first && problems.size === lowest.length) return failure(first);
  return success({ image: withContents(read.value.image, all), contents, problems, known: all });
}

function notSent(diffId: DiffId, { reference }: Image): OciError {
  return {
    kind: "notFound",
    what: `layer ${diffId} of ${reference}`,
    message: "the source did not send this layer",
  };
}
