import type { Result } from "../../../../oci/core/error.ts";
import type { Image, ImageSummary } from "../../../../oci/core/image.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import type { AttestationReader, ReadOptions } from "../../../../oci/source/source.ts";
import type { ImageSource } from "../../sources/source.ts";
import type { SourcesState } from "../node.ts";

/** The part of a source that the tree reads. */
export type TreeSource = Pick<ImageSource, "kind" | "list" | "image" | "catalog" | "attested">;

/** The readers of the tree; `source` is undefined for one that was closed meanwhile. */
export interface TreeReaders {
  /** Waits until it is known whether an engine is available. */
  state(): Promise<SourcesState>;
  source(sourceId: string): TreeSource | undefined;
}

/**
 * The data to read again: images by ID or name together with the list, everything, or the data of one image that is
 * still listed.
 */
export type Invalidation = readonly string[] | "all" | { readonly imageId: string };

/** Readers that request unchanging data only once. */
export interface CachedReaders extends TreeReaders {
  /** Invalidates one source, or all. */
  invalidate(sourceId: string | undefined, what: Invalidation): void;
  dispose(): void;
}

/**
 * Keeps lists and images until they are invalidated or their source is replaced. Concurrent callers share a request,
 * which no single caller's signal cancels.
 */
export function cacheReads(readers: TreeReaders): CachedReaders {
  const ending = new AbortController();
  const kept = new Map<string, { readonly real: TreeSource; readonly source: CachedSource }>();
  const keptSource = (sourceId: string): CachedSource | undefined => {
    const real = readers.source(sourceId);
    const known = kept.get(sourceId);
    if (known && known.real === real) return known.source;
    kept.delete(sourceId);
    if (!real) return undefined;
    const source = new CachedSource(real, ending.signal);
    kept.set(sourceId, { real, source });
    return source;
  };
  return {
    state: () => readers.state(),
    source: keptSource,
    invalidate: (sourceId, what) => {
      for (const [id, { source }] of kept) if (sourceId === undefined || id === sourceId) source.invalidate(what);
    },
    dispose: () => ending.abort(),
  };
}

interface CachedImage {
  readonly reference: string;
  readonly reading: Promise<Result<Image>>;
  image?: Image;
}

/** A few kilobytes each; more images aren't open at a time. */
const maxCachedImages = 500;

class CachedSource implements TreeSource {
  readonly attested?: AttestationReader;
  readonly #real: TreeSource;
  readonly #signal: AbortSignal;
  readonly #images = new Map<string, CachedImage>();
  #listing: Promise<Result<readonly ImageSummary[]>> | undefined;

  constructor(real: TreeSource, signal: AbortSignal) {
    this.#real = real;
    this.#signal = signal;
    if (real.attested) this.attested = real.attested;
  }

  get kind(): TreeSource["kind"] {
    return this.#real.kind;
  }

  get catalog(): TreeSource["catalog"] {
    return this.#real.catalog;
  }

  /** Returns the same array for the same list. */
  list(): Promise<Result<readonly ImageSummary[]>> {
    this.#listing ??= this.#list();
    return this.#listing;
  }

  image(reference: string, { platform }: ReadOptions): Promise<Result<Image>> {
    const key = `${reference} ${platform ? formatPlatform(platform) : ""}`;
    return this.#images.get(key)?.reading ?? this.#read(key, reference, platform ? { platform } : {});
  }

  invalidate(what: Invalidation): void {
    if (typeof what === "object" && "imageId" in what) return this.#drop(({ reference }) => reference === what.imageId);
    this.#listing = undefined;
    if (what === "all") return this.#images.clear();
    const names = new Set(what);
    this.#drop(
      ({ reference, image }) =>
        names.has(reference) || [...(image?.tags ?? []), ...(image?.repoDigests ?? [])].some((name) => names.has(name)),
    );
  }

  async #list(): Promise<Result<readonly ImageSummary[]>> {
    const listing = this.#real.list(this.#signal);
    const listed = await listing.catch((error: unknown) => {
      this.#listing = undefined;
      throw error;
    });
    if (listed.ok) this.#dropRenamed(listed.value);
    else this.#listing = undefined;
    return listed;
  }

  #read(key: string, reference: string, options: ReadOptions): Promise<Result<Image>> {
    const kept: CachedImage = {
      reference,
      reading: this.#real.image(reference, { ...options, allowMissingBlobs: true }, this.#signal),
    };
    this.#images.set(key, kept);
    for (const oldest of this.#images.keys()) if (this.#images.size > maxCachedImages) this.#images.delete(oldest);
    const drop = (): void => void (this.#images.get(key) === kept && this.#images.delete(key));
    kept.reading.then((image) => {
      if (image.ok) kept.image = image.value;
      // Failures are kept as well: a registry that is rate limiting must not be contacted on every redraw. Except if
      // nothing was contacted: the workspace may become trusted.
      else if (image.error.kind === "notAsked") drop();
    }, drop);
    return kept.reading;
  }

  #drop(isOld: (kept: CachedImage) => boolean): void {
    for (const [key, kept] of this.#images) if (isOld(kept)) this.#images.delete(key);
  }

  /**
   * Drops images that have other names now, so that they are read again when viewed: the cached data has the old names.
   */
  #dropRenamed(summaries: readonly ImageSummary[]): void {
    const byId = new Map(summaries.map((summary) => [summary.id, summary]));
    this.#drop(({ reference, image }) => {
      const summary = byId.get(reference);
      return !summary || (image !== undefined && namesOf(image) !== namesOf(summary));
    });
  }
}

function namesOf({ tags, repoDigests }: Pick<ImageSummary, "tags" | "repoDigests">): string {
  return [...tags, ...repoDigests].sort().join(" ");
}
