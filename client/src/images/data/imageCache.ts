import type { Result } from "../../../../oci/core/error.ts";
import type { Image, ImageSummary } from "../../../../oci/core/image.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import type { AttestationReader, ReadOptions } from "../../../../oci/source/source.ts";
import type { ImageSource } from "../../sources/source.ts";
import type { SourcesState } from "../node.ts";

/** A source as far as the tree reads it. */
export type TreeSource = Pick<ImageSource, "kind" | "list" | "image" | "catalog" | "attested">;

/** What the tree reads from; `source` is undefined for one that was closed meanwhile. */
export interface TreeReaders {
  /** Waits until it is known whether an engine is there. */
  state(): Promise<SourcesState>;
  source(sourceId: string): TreeSource | undefined;
}

/** What is to be read again: images by ID or name with the list, everything, or what is known of one image that the list still has. */
export type Invalidation = readonly string[] | "all" | { readonly imageId: string };

/** Readers that ask once for what does not change by itself. */
export interface CachedReaders extends TreeReaders {
  /** Of one source, or of all. */
  invalidate(sourceId: string | undefined, what: Invalidation): void;
  dispose(): void;
}

/** Keeps lists and images until they are forgotten or their source is another. Callers at the same time share a request, so that nobody's signal ends it. */
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

/** A few kilobytes each; more are not open at a time. */
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

  /** The same array for the same list. */
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
    const kept: CachedImage = { reference, reading: this.#real.image(reference, options, this.#signal) };
    this.#images.set(key, kept);
    for (const oldest of this.#images.keys()) if (this.#images.size > maxCachedImages) this.#images.delete(oldest);
    const drop = (): void => void (this.#images.get(key) === kept && this.#images.delete(key));
    kept.reading.then((image) => {
      if (image.ok) kept.image = image.value;
      // What could not be had is kept as well: a registry that asks to wait must not be asked by every redrawing. Where nobody was asked, trust may come.
      else if (image.error.kind === "notAsked") drop();
    }, drop);
    return kept.reading;
  }

  #drop(isOld: (kept: CachedImage) => boolean): void {
    for (const [key, kept] of this.#images) if (isOld(kept)) this.#images.delete(key);
  }

  /** An image that has other names by now is read again when it is looked at; what else is known of it would not say which. */
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
