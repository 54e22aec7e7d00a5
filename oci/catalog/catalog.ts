import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { ImageSummary } from "../core/image.ts";
import { compareText } from "../core/text.ts";
import type { LineageImage } from "../images/lineage.ts";
import type { StoredImage } from "../images/space.ts";
import { createInterningComposer, type Composition, type SizeKind } from "./composition.ts";
import { createConcurrencyLimit } from "../source/concurrencyLimit.ts";
import { createLru, type Lru } from "../source/lru.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import type { ImageReader } from "../source/source.ts";

/** What the images of a source are made of, of the platform that the source chooses, joined with names that are current: for shared space and descent. Of annotations and labels it has those on the base only, and a step longer than 200 characters is its digest. */
export interface CatalogImage extends StoredImage, LineageImage {}

export interface Catalog {
  /** In the order of the list they were asked for, those with problems left out. */
  readonly images: readonly CatalogImage[];
  /** Images that could not be read, by ID. */
  readonly problems: ReadonlyMap<string, OciError>;
  /** What the bytes of all layers count; absent where no size is known. Where images differ it is what most of them count, and sizes that count something else are unknown. */
  readonly sizeKind?: SizeKind;
  /** Set where names stand for other platforms too, whose layers are not among these. */
  readonly hasOtherPlatforms?: true;
}

/** Reads each image once and keeps the result by its ID, which names content. */
export interface ImageCatalog {
  /** What is known of all of these without a request; undefined where one is missing. */
  known(images: readonly ImageSummary[]): Catalog | undefined;
  /** Reads what is not known, a few at a time; callers at the same time share the work. A problem with one image stops no other, a lost source all that are left; both are read anew the next time. Progress counts those that had to be read. */
  complete(
    images: readonly ImageSummary[],
    onProgress: ((readCount: number, totalCount: number) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Catalog>;
}

// An engine answers some hundreds a second; more at once would only keep its other clients waiting.
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
      // What is found here stays, even if reading the others evicts it.
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

/** Reads again whenever it is asked: for a source whose IDs are names that can move, such as references of a registry. */
export function createUncachedCatalog(reader: ImageReader): ImageCatalog {
  return {
    known: () => undefined,
    complete: (images, onProgress, signal) => createImageCatalog(reader).complete(images, onProgress, signal),
  };
}

/** After one of these the others would not be read either, and each might wait for its timeout. */
const sourceProblems: ReadonlySet<OciError["kind"]> = new Set([
  "engineUnreachable",
  "engineRefused",
  "registryUnreachable",
  "rateLimited",
]);

/** Joins what images are made of with the names they have now. */
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
    // A sum of two kinds of bytes would mean nothing.
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

/** At most `maxConcurrent` at once; the first that throws stops the others. */
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

// A layer or a step is a pointer to what images share: 20,000 images of 50 layers and 50 steps.
const maxParts = 2_000_000;

function partsOf({ layers, steps }: Composition): number {
  return 1 + layers.length + steps.length;
}
