import { emptyContent } from "../core/columns/emptyContent.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withContents, type Image } from "../core/image.ts";
import { counted } from "../core/text.ts";
import type { LayerReader, LayerRequest } from "../source/source.ts";

export interface LayersUpTo {
  readonly image: Image;
  /** All layers where absent. */
  readonly count?: number | undefined;
  /** What was read before and need not be read again. */
  readonly known?: ReadonlyMap<DiffId, LayerContent>;
  readonly onProgress?: LayerRequest["onProgress"];
}

/** An image with the content of its lowest layers. */
export interface ReadImage {
  /** As the source that was read describes it, which may be more exact than what was asked for. */
  readonly image: Image;
  /** Lowest first; an empty one where a layer could not be read. */
  readonly contents: readonly LayerContent[];
  /** Why, by the layer's place, base is 0. What such a layer changed is missing. */
  readonly problems: ReadonlyMap<number, OciError>;
  /** These, and what was known before. */
  readonly known: ReadonlyMap<DiffId, LayerContent>;
}

/** Reads the lowest layers of an image. One that can't be read is left out and named; the result fails where none can. */
export async function readLayersUpTo(
  reader: LayerReader,
  { image, count, known = new Map(), onProgress }: LayersUpTo,
  signal: AbortSignal,
): Promise<Result<ReadImage>> {
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
