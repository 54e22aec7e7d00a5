import { type BaseGroup, groupByBase } from "../../../../oci/images/baseGroups.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { createLineage, type Lineage } from "../../../../oci/images/lineage.ts";
import { type Space, spaceOf } from "../../../../oci/images/space.ts";
import type { Catalog, CatalogImage } from "../../../../oci/catalog/catalog.ts";
import type { TreeReaders, TreeSource } from "./imageCache.ts";

/** What the images of a source have in common. */
export interface CatalogView {
  readonly catalog: Catalog;
  readonly images: ReadonlyMap<string, CatalogImage>;
  readonly summaries: ReadonlyMap<string, ImageSummary>;
  readonly space: Space;
  readonly lineage: Lineage;
  readonly baseGroups: readonly BaseGroup<CatalogImage>[];
}

/** "absent": the source is gone, cannot be listed, or its images cannot be read. */
export type CatalogState =
  | { readonly kind: "ready"; readonly view: CatalogView }
  | { readonly kind: "reading"; readonly readCount: number; readonly totalCount: number }
  | { readonly kind: "absent" };

export interface CatalogHooks {
  /** Some more images are read, at most a few times a second. */
  onProgress(sourceId: string): void;
  /** All are read. */
  onReady(sourceId: string): void;
  onFailure(error: unknown): void;
  /** What is ready within this time comes without a word of progress. */
  readonly momentMs: number;
}

/** What was found out of a source, each by the list of images that it is about. */
interface Findings {
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

/** More often would be for nobody's eye. */
const progressEveryMs = 300;

/** Has catalogs completed where a row needs one, and tells when there is more to see. */
export class Catalogs {
  readonly #readers: TreeReaders;
  readonly #hooks: CatalogHooks;
  readonly #ending = new AbortController();
  readonly #findings = new WeakMap<TreeSource, Findings>();

  constructor(readers: TreeReaders, hooks: CatalogHooks) {
    this.#readers = readers;
    this.#hooks = hooks;
  }

  /** What was found out of the source's latest list, without waiting for anything: a source that is slow to list must not hold up the others. */
  latest(sourceId: string): CatalogView | undefined {
    const source = this.#readers.source(sourceId);
    const findings = source && this.#findings.get(source);
    return findings?.view?.images === findings?.listed ? findings?.view?.view : undefined;
  }

  /** What is known without more than the list. Images that came after all were read once are read behind the scenes. */
  async known(sourceId: string, signal: AbortSignal): Promise<CatalogView | undefined> {
    const listed = await this.#list(sourceId, signal);
    if (!listed) return undefined;
    const { source, images, findings } = listed;
    if (findings.view?.images === images) return findings.view.view;
    const catalog = source.catalog.known(images);
    if (catalog) return keep(findings, catalog, images);
    if (findings.isWanted) void this.#complete(sourceId, listed);
    return undefined;
  }

  /** Reads what is missing. What takes longer than a moment goes on behind the scenes. */
  async want(sourceId: string, signal: AbortSignal): Promise<CatalogState> {
    const listed = await this.#list(sourceId, signal);
    if (!listed || listed.findings.failed === listed.images) return { kind: "absent" };
    const { images, findings } = listed;
    findings.isWanted = true;
    if (findings.view?.images === images) return { kind: "ready", view: findings.view.view };
    const view = await soon(this.#complete(sourceId, listed), this.#hooks.momentMs);
    if (view) return { kind: "ready", view };
    return findings.reading ? { kind: "reading", ...findings.reading.progress } : { kind: "absent" };
  }

  dispose(): void {
    this.#ending.abort();
  }

  async #list(sourceId: string, signal: AbortSignal): Promise<Listed | undefined> {
    const source = this.#readers.source(sourceId);
    const listed = await source?.list(signal);
    if (!source || !listed?.ok) return undefined;
    const findings = this.#findings.get(source) ?? { isWanted: false };
    findings.listed = listed.value;
    this.#findings.set(source, findings);
    return { source, images: listed.value, findings };
  }

  #complete(sourceId: string, { source, images, findings }: Listed): Promise<CatalogView | undefined> {
    if (findings.reading?.images === images) return findings.reading.done;
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
        (catalog) => keep(findings, catalog, images),
        (error: unknown) => {
          findings.failed = images;
          if (!this.#ending.signal.aborted) this.#hooks.onFailure(error);
          return undefined;
        },
      )
      .finally(() => {
        if (findings.reading === reading) delete findings.reading;
        if (!this.#ending.signal.aborted) this.#hooks.onReady(sourceId);
      });
    const reading = { images, done, progress };
    findings.reading = reading;
    return done;
  }
}

interface Listed {
  readonly source: TreeSource;
  readonly images: readonly ImageSummary[];
  readonly findings: Findings;
}

function keep(findings: Findings, catalog: Catalog, images: readonly ImageSummary[]): CatalogView {
  const view = viewOf(catalog, images);
  findings.view = { images, view };
  return view;
}

/** What takes a look at all images is made when it is first asked for. */
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

/** Undefined where it takes longer. */
async function soon<T>(promise: Promise<T>, momentMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), momentMs)));
  return Promise.race([promise, moment]).finally(() => clearTimeout(timer));
}
