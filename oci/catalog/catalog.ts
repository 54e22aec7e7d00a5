import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { ImageSummary } from "../core/image.ts";
import { missingBlobs } from "../source/missingBlobs.ts";
import { compareText } from "../core/text.ts";
import type { LineageImage } from "../images/lineage.ts";
import type { StoredImage } from "../images/space.ts";
import { createInterningComposer, type Composition, type SizeKind } from "./composition.ts";
import { createConcurrencyLimit } from "../source/concurrencyLimit.ts";
import { createLru, type Lru } from "../source/lru.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import type { ImageReader } from "../source/source.ts";

/**
 * The composition of an image on the source's default platform, joined with its current names; used to compute shared
 * space and lineage. Its annotations and labels are only those about the base, and a step longer than 200 characters is
 * replaced by its digest.
 */
export interface CatalogImage extends StoredImage, LineageImage {}

export interface Catalog {
  /** In the order of the requested list, without the images that have problems. */
  readonly images: readonly CatalogImage[];
  /** Images that couldn't be read, by ID. */
  readonly problems: ReadonlyMap<string, OciError>;
  /**
   * The kind of bytes of all sizes; absent if no size is known. If images differ, the most common kind is used and
   * other sizes are unknown.
   */
  readonly sizeKind?: SizeKind;
  /** Set if some names stand for other platforms too, whose layers aren't included. */
  readonly hasOtherPlatforms?: true;
}

/** Reads each image once and caches the result by ID, which identifies content. */
export interface ImageCatalog {
  /** The known data of all images, without a request; undefined if any is missing. */
  known(images: readonly ImageSummary[]): Catalog | undefined;
  /**
   * Reads the missing images, a few at a time. Concurrent callers share the work. A problem with one image doesn't stop
   * the others; losing the source stops the rest. Both are retried on the next call. Progress counts the images that
   * had to be read.
   */
  complete(
    images: readonly ImageSummary[],
    onProgress: ((readCount: number, totalCount: number) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Catalog>;
}

// An engine answers some hundreds a second; more at once would delay its other clients.
const maxConcurrent = 4;

export function createImageCatalog(reader: ImageReader): ImageCatalog {
  const compositions = createLru<string, Composition>(maxParts, partsOf);
  const inFlight = createSingleFlight<Result<Composition>>();
  const limit = createConcurrencyLimit(maxConcurrent);
  const compose = createInterningComposer();
  const read = async (id: string, signal: AbortSignal): Promise<Result<Composition>> => {
    // Another caller may have read it meanwhile.
    const known = compositions.get(id);
    if (known) return success(known);
    const image = await limit.run("images", () => reader.image(id, {}, signal), signal);
    if (!image.ok) return image;
    if (image.value.contentFrom) return failure(missingBlobs(image.value));
    const composition = compose(image.value);
    compositions.set(id, composition);
    return success(composition);
  };
  return {
    known: (images) => {
      const found = allKnown(compositions, images);
      return images.every(({ id }) => found.has(id)) ? catalogOf(images, found, new Map()) : undefined;
    },
    complete: async (images, onProgress, signal) => {
      signal.throwIfAborted();
      // Found entries are kept even if reading the others evicts them from the cache.
      const found = allKnown(compositions, images);
      const problems = new Map<string, OciError>();
      const missing = [...new Set(images.map(({ id }) => id))].filter((id) => !found.has(id));
      let readCount = 0;
      let lost: OciError | undefined;
      const readOne = async (id: string, running: AbortSignal): Promise<void> => {
        const answer = lost ? failure(lost) : await inFlight.run(id, (shared) => read(id, shared), running);
        if (answer.ok) found.set(id, answer.value);
        else problems.set(id, answer.error);
        if (!answer.ok && sourceProblems.has(answer.error.kind)) lost = answer.error;
        onProgress?.(++readCount, missing.length);
      };
      await forEach(missing, readOne, signal);
      return catalogOf(images, found, problems);
    },
  };
}

/**
 * A catalog that reads on every call, for a source whose IDs are names that can move, such as references of a registry.
 */
export function createUncachedCatalog(reader: ImageReader): ImageCatalog {
  return {
    known: () => undefined,
    complete: (images, onProgress, signal) => createImageCatalog(reader).complete(images, onProgress, signal),
  };
}

/** Errors after which the other images would fail too, each possibly after a timeout. */
const sourceProblems: ReadonlySet<OciError["kind"]> = new Set([
  "engineUnreachable",
  "engineRefused",
  "registryUnreachable",
  "rateLimited",
]);

/** Joins compositions with the current names of their images. */
function catalogOf(
  images: readonly ImageSummary[],
  found: ReadonlyMap<string, Composition>,
  problems: ReadonlyMap<string, OciError>,
): Catalog {
  const sizeKind = commonSizeKind([...found.values()]);
  const joined = images.flatMap(({ id, tags, repoDigests }): readonly CatalogImage[] => {
    const composition = found.get(id);
    if (!composition) return [];
    const { sizeKind: own, isOneOfSeveral: _, layers, diffIds, ...rest } = composition;
    // A sum of two kinds of bytes would be meaningless.
    return [
      {
        id,
        tags,
        repoDigests,
        ...rest,
        diffIds,
        layers: own === sizeKind ? layers : diffIds.map((diffId) => ({ diffId })),
      },
    ];
  });
  const hasOtherPlatforms = [...found.values()].some(({ isOneOfSeveral }) => isOneOfSeveral);
  return {
    images: joined,
    problems,
    ...(sizeKind && { sizeKind }),
    ...(hasOtherPlatforms && { hasOtherPlatforms }),
  };
}

function commonSizeKind(compositions: readonly Composition[]): SizeKind | undefined {
  const votes = new Map<SizeKind, number>();
  for (const { sizeKind } of compositions) if (sizeKind) votes.set(sizeKind, (votes.get(sizeKind) ?? 0) + 1);
  return [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || compareText(a, b))[0]?.[0];
}

/** Runs at most `maxConcurrent` at once. The first error stops the others. */
async function forEach(
  ids: readonly string[],
  work: (id: string, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const queue = ids.values();
  const worker = async (): Promise<void> => {
    for (const id of queue) await work(id, running);
  };
  try {
    await Promise.all(Array.from({ length: maxConcurrent }, worker));
  } finally {
    stop.abort();
  }
}

function allKnown(compositions: Lru<string, Composition>, images: readonly ImageSummary[]): Map<string, Composition> {
  const found = new Map<string, Composition>();
  for (const { id } of images) {
    const composition = compositions.get(id);
    if (composition) found.set(id, composition);
  }
  return found;
}

// A layer or a step is a pointer to data shared by images: 20,000 images of 50 layers and 50 steps.
const maxParts = 2_000_000;

function partsOf({ layers, steps }: Composition): number {
  return 1 + layers.length + steps.length;
}
