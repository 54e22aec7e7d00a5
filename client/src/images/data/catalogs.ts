import { type BaseGroup, groupByBase } from "../../../../oci/images/baseGroups.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { createLineage, type Lineage } from "../../../../oci/images/lineage.ts";
import { type Space, spaceOf } from "../../../../oci/images/space.ts";
import type { Catalog, CatalogImage } from "../../../../oci/catalog/catalog.ts";
import { settlesWithin } from "../../async/settlesWithin.ts";
import type { TreeReaders, TreeSource } from "./imageCache.ts";

/** Data derived from all images of a source. */
export interface CatalogView {
  readonly catalog: Catalog;
  readonly images: ReadonlyMap<string, CatalogImage>;
  readonly summaries: ReadonlyMap<string, ImageSummary>;
  readonly space: Space;
  readonly lineage: Lineage;
  readonly baseGroups: readonly BaseGroup<CatalogImage>[];
}

/** "absent": the source is gone, can't be listed, or its images can't be read. */
export type CatalogState =
  | { readonly kind: "ready"; readonly view: CatalogView }
  | { readonly kind: "reading"; readonly readCount: number; readonly totalCount: number }
  | { readonly kind: "absent" };

export interface CatalogHooks {
  /** Called at most a few times a second while images are read. */
  onProgress(sourceId: string): void;
  /** Called when all are read. */
  onReady(sourceId: string): void;
  onFailure(error: unknown): void;
  /** Reads that finish within this time are not reported as progress, in milliseconds. */
  readonly momentMs: number;
}

/** The known data of a source, each part with the list of images it is based on. */
interface SourceState {
  view?: { readonly images: readonly ImageSummary[]; readonly view: CatalogView };
  reading?: {
    readonly images: readonly ImageSummary[];
    readonly done: Promise<CatalogView | undefined>;
    readonly progress: { readCount: number; totalCount: number };
  };
  failed?: readonly ImageSummary[];
  listed?: readonly ImageSummary[];
  isWanted: boolean;
}

/** Faster updates would not be noticeable. */
const progressEveryMs = 300;

/** Loads catalogs on demand and reports progress. */
export class Catalogs {
  readonly #readers: TreeReaders;
  readonly #hooks: CatalogHooks;
  readonly #ending = new AbortController();
  readonly #states = new WeakMap<TreeSource, SourceState>();

  constructor(readers: TreeReaders, hooks: CatalogHooks) {
    this.#readers = readers;
    this.#hooks = hooks;
  }

  /**
   * The data for the source's latest list, without waiting: a source that is slow to list must not hold up the others.
   */
  latestOrUndefined(sourceId: string): CatalogView | undefined {
    const source = this.#readers.source(sourceId);
    const state = source && this.#states.get(source);
    return state?.view?.images === state?.listed ? state?.view?.view : undefined;
  }

  /**
   * The data available from the list alone. If images were added after all had been read, they are read in the
   * background.
   */
  async peek(sourceId: string, signal: AbortSignal): Promise<CatalogView | undefined> {
    const listed = await this.#list(sourceId, signal);
    if (!listed) return undefined;
    const { source, images, state } = listed;
    if (state.view?.images === images) return state.view.view;
    const catalog = source.catalog.known(images);
    if (catalog) return keep(state, catalog, images);
    if (state.isWanted) void this.#complete(sourceId, listed);
    return undefined;
  }

  /** Reads the missing images. Reading that takes longer than a moment continues in the background. */
  async load(sourceId: string, signal: AbortSignal): Promise<CatalogState> {
    const listed = await this.#list(sourceId, signal);
    if (!listed || listed.state.failed === listed.images) return { kind: "absent" };
    const { images, state } = listed;
    state.isWanted = true;
    if (state.view?.images === images) return { kind: "ready", view: state.view.view };
    const completed = this.#complete(sourceId, listed);
    const view = (await settlesWithin(completed, this.#hooks.momentMs)) ? await completed : undefined;
    if (view) return { kind: "ready", view };
    return state.reading ? { kind: "reading", ...state.reading.progress } : { kind: "absent" };
  }

  dispose(): void {
    this.#ending.abort();
  }

  async #list(sourceId: string, signal: AbortSignal): Promise<Listed | undefined> {
    const source = this.#readers.source(sourceId);
    const listed = await source?.list(signal);
    if (!source || !listed?.ok) return undefined;
    const state = this.#states.get(source) ?? { isWanted: false };
    state.listed = listed.value;
    this.#states.set(source, state);
    return { source, images: listed.value, state };
  }

  #complete(sourceId: string, { source, images, state }: Listed): Promise<CatalogView | undefined> {
    if (state.reading?.images === images) return state.reading.done;
    const progress = { readCount: 0, totalCount: images.length };
    let toldMs = Date.now();
    const onProgress = (readCount: number, totalCount: number): void => {
      Object.assign(progress, { readCount, totalCount });
      if (Date.now() - toldMs < progressEveryMs) return;
      toldMs = Date.now();
      this.#hooks.onProgress(sourceId);
    };
    const done = source.catalog
      .complete(images, onProgress, this.#ending.signal)
      .then(
        (catalog) => keep(state, catalog, images),
        (error: unknown) => {
          state.failed = images;
          if (!this.#ending.signal.aborted) this.#hooks.onFailure(error);
          return undefined;
        },
      )
      .finally(() => {
        if (state.reading === reading) delete state.reading;
        if (!this.#ending.signal.aborted) this.#hooks.onReady(sourceId);
      });
    const reading = { images, done, progress };
    state.reading = reading;
    return done;
  }
}

interface Listed {
  readonly source: TreeSource;
  readonly images: readonly ImageSummary[];
  readonly state: SourceState;
}

function keep(state: SourceState, catalog: Catalog, images: readonly ImageSummary[]): CatalogView {
  const view = viewOf(catalog, images);
  state.view = { images, view };
  return view;
}

/** The view of a catalog. Parts that need all images are computed on first use. */
function viewOf(catalog: Catalog, summaries: readonly ImageSummary[]): CatalogView {
  let space: Space | undefined;
  let lineage: Lineage | undefined;
  let baseGroups: CatalogView["baseGroups"] | undefined;
  const view: CatalogView = {
    catalog,
    images: new Map(catalog.images.map((image) => [image.id, image])),
    summaries: new Map(summaries.map((summary) => [summary.id, summary])),
    get space() {
      return (space ??= spaceOf(catalog.images));
    },
    get lineage() {
      return (lineage ??= createLineage(catalog.images));
    },
    get baseGroups() {
      return (baseGroups ??= groupByBase(catalog.images, view.lineage));
    },
  };
  return view;
}
