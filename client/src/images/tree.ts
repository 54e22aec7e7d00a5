import { type CancellationToken, type Event, EventEmitter, type TreeDataProvider, type TreeItem } from "vscode";
import type { Image } from "../../../oci/core/image.ts";
import { once } from "../async/once.ts";
import type { Catalogs } from "./data/catalogs.ts";
import type * as drawing from "./drawing.ts";
import { type ImageNode, imageRowId, type ImageTreeNode } from "./node.ts";
import { type CachedReaders, cacheReads, type TreeReaders } from "./data/imageCache.ts";
import { DeferredRows } from "./rows/deferredRows.ts";
import type { ViewOptions } from "./viewOptions.ts";
import { l10n } from "../ui/l10n.ts";

export interface TreeParts {
  readonly readers: TreeReaders;
  options(): ViewOptions;
  onFailure(error: unknown): void;
}

/** Short enough to look immediate: most engines list all their images in this time, in milliseconds. */
const momentMs = 250;
/** Most engines and registries respond within this time, so that rows rarely appear in two steps, in milliseconds. */
const patienceMs = 1000;

type Drawing = typeof drawing & { readonly catalogs: Catalogs };

/** The images view. `childrenOf` provides its rows, and `itemFor` their appearance; the first row loads both. */
export class ImagesTree implements TreeDataProvider<ImageTreeNode> {
  readonly #parts: TreeParts;
  readonly #changed = new EventEmitter<ImageTreeNode | ImageTreeNode[] | undefined>();
  readonly onDidChangeTreeData: Event<ImageTreeNode | ImageTreeNode[] | undefined> = this.#changed.event;
  /** The data read for the tree, for other features that must show the same. */
  readonly readers: CachedReaders;
  readonly #load: () => Promise<Drawing>;
  #drawing: Drawing | undefined;
  readonly #deferred = new DeferredRows((rowId) => this.#drawUnder(rowId), patienceMs);
  readonly #ending = new AbortController();
  /** Visible rows by ID. VS Code identifies a row by the last object it was given. */
  readonly #shown = new Map<string, ImageTreeNode>();
  /** Parents by row ID; rows at the root have none. */
  readonly #parents = new Map<string, ImageTreeNode>();
  /** The time for which the shown ages were last checked; milliseconds since 1970. */
  #agesAsOfMs = Date.now();
  /** IDs of expanded rows, including rows that aren't visible. */
  readonly #opened = new Set<string>();
  /** True once VS Code has requested rows, which it does when the view is first shown. */
  #isRequested = false;
  /** IDs of the rows that VS Code was last given under a row; the root's under "". */
  readonly #children = new Map<string, ReadonlySet<string>>();

  constructor(parts: TreeParts) {
    this.#parts = parts;
    this.readers = cacheReads(parts.readers);
    this.#load = once(async () => (this.#drawing = await this.#loadDrawing()));
  }

  async #loadDrawing(): Promise<Drawing> {
    const parts = await import("./drawing.ts");
    const catalogs = new parts.Catalogs(this.readers, {
      onProgress: (sourceId) => this.#redrawWaiting(sourceId),
      // The row of the source itself shows the total, so its parent must be redrawn.
      onReady: () => this.redraw(undefined),
      onFailure: this.#parts.onFailure,
      momentMs,
    });
    if (this.#ending.signal.aborted) catalogs.dispose();
    return { ...parts, catalogs };
  }

  /** Reads changed data of a source again: images by ID or name, or everything. Expanded rows stay expanded. */
  refresh(sourceId: string, changed: readonly string[] | "all"): void {
    this.readers.invalidate(sourceId, changed);
    this.redraw(sourceId);
  }

  /** Reads everything again. */
  refreshAll(): void {
    this.readers.invalidate(undefined, "all");
    this.redraw(undefined);
  }

  /** Redraws an image about which more is known now. */
  refreshImage(sourceId: string, imageId: string): void {
    this.readers.invalidate(sourceId, { imageId });
    this.#deferred.forget();
    const rows = [...this.#shown.values()].filter(
      (node) => node.kind === "image" && node.sourceId === sourceId && node.summary.id === imageId,
    );
    if (rows.length > 0) this.#fire(rows);
  }

  /** Redraws the rows whose age has a different text now. */
  refreshAges(nowMs: number): void {
    const { hasAged } = this.#drawing ?? {};
    const outdated = [...this.#shown.values()].filter((node) => hasAged?.(node, this.#agesAsOfMs, nowMs));
    this.#agesAsOfMs = nowMs;
    if (outdated.length > 0) this.#fire(outdated);
  }

  /** Redraws a source from cached data, or all of them if undefined. */
  redraw(sourceId: string | undefined): void {
    this.#deferred.forget();
    const source = sourceId === undefined ? undefined : this.#shown.get(sourceId);
    this.#fire(source?.kind === "source" ? source : undefined);
  }

  /** The row of an image at its own place; undefined if it isn't visible. */
  async find(sourceId: string, imageId: string): Promise<ImageNode | undefined> {
    const search = async (parent: ImageTreeNode | undefined): Promise<ImageNode | undefined> => {
      const rows = await this.#rows(parent);
      const found = rows.find(
        (row): row is ImageNode => row.kind === "image" && row.id === imageRowId(sourceId, imageId),
      );
      if (found) return found;
      for (const row of rows) {
        const inside =
          row.kind === "group" || (row.kind === "source" && row.sourceId === sourceId) ? await search(row) : undefined;
        if (inside) return inside;
      }
      return undefined;
    };
    return search(undefined);
  }

  /**
   * Remembers what the user expanded or collapsed. VS Code forgets it for rows that disappear for a while, as when an
   * engine restarts.
   */
  rememberExpansion({ id }: ImageTreeNode, fold: "opened" | "closed"): void {
    if (fold === "opened") this.#opened.add(id);
    else this.#opened.delete(id);
  }

  /** Without waiting once the drawing code is loaded: a redraw asks for every row. */
  getTreeItem(node: ImageTreeNode): TreeItem | Promise<TreeItem> {
    const item = ({ itemFor }: Drawing): TreeItem => itemFor(node, Date.now(), this.#opened);
    return this.#drawing ? item(this.#drawing) : this.#load().then(item);
  }

  async resolveTreeItem(item: TreeItem, node: ImageTreeNode, _token: CancellationToken): Promise<TreeItem> {
    const { withTooltip } = await this.#load();
    return withTooltip(item, node, Date.now());
  }

  getParent(node: ImageTreeNode): ImageTreeNode | undefined {
    return this.#parents.get(node.id);
  }

  async getChildren(parent?: ImageTreeNode): Promise<ImageTreeNode[]> {
    this.#isRequested = true;
    try {
      const rows = await this.#deferred.rows(parent?.id ?? "", () => this.#rows(parent));
      this.#show(parent, rows);
      return [...rows];
    } catch (error) {
      if (this.#ending.signal.aborted) return [];
      this.#parts.onFailure(error);
      return [
        {
          kind: "notice",
          id: `${parent?.id ?? ""}/failure`,
          severity: "error",
          label: l10n.t("Imagewright ran into an error"),
          description: l10n.t("see the output"),
          command: { id: "imagewright.showOutput", title: l10n.t("Show Output") },
        },
      ];
    }
  }

  /**
   * The number of an image's lowest layers that belong to its base; `id` is the one in its source's list. Undefined if
   * it is unknown or takes long to determine.
   */
  async baseLayerCount(
    { sourceId, id }: { readonly sourceId: string; readonly id: string },
    image: Image,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { catalogs, lineageOf } = await this.#load();
    const state = await catalogs.load(sourceId, signal);
    return state.kind === "ready" ? state.view.lineage.baseOf({ ...lineageOf(image), id })?.layerCount : undefined;
  }

  dispose(): void {
    this.#ending.abort();
    this.#drawing?.catalogs.dispose();
    this.readers.dispose();
    this.#changed.dispose();
  }

  async #rows(parent: ImageTreeNode | undefined): Promise<readonly ImageTreeNode[]> {
    const { catalogs, childrenOf, sections } = await this.#load();
    const context = { readers: this.readers, catalogs, options: this.#parts.options(), sections };
    const rows = await childrenOf(parent, context, this.#ending.signal);
    for (const row of rows) {
      if (parent) this.#parents.set(row.id, parent);
      else this.#parents.delete(row.id);
    }
    return rows;
  }

  #drawUnder(rowId: string): void {
    const parent = this.#shown.get(rowId);
    if (parent !== undefined || rowId === "") this.#fire(parent);
  }

  #show(parent: ImageTreeNode | undefined, rows: readonly ImageTreeNode[]): void {
    const rowId = parent?.id ?? "";
    const ids = new Set(rows.map(({ id }) => id));
    const before = this.#children.get(rowId) ?? new Set();
    this.#children.set(rowId, ids);
    for (const row of rows) this.#shown.set(row.id, row);
    for (const id of before) if (!ids.has(id)) this.#hide(id, rowId);
  }

  /** Forgets a row, unless it is shown elsewhere now. */
  #hide(id: string, rowId: string): void {
    if ((this.#parents.get(id)?.id ?? "") !== rowId || this.#children.get(rowId)?.has(id)) return;
    for (const child of this.#children.get(id) ?? []) this.#hide(child, id);
    this.#children.delete(id);
    this.#shown.delete(id);
    this.#parents.delete(id);
  }

  /**
   * Redraws rows; all of them if undefined. VS Code would keep a change from before it has requested rows, and request
   * them a second time right after their first appearance, which loses what the user expands meanwhile.
   */
  #fire(changed: ImageTreeNode | ImageTreeNode[] | undefined): void {
    if (this.#isRequested) this.#changed.fire(changed);
  }

  /** Redraws the rows that show the progress of reading. */
  #redrawWaiting(sourceId: string): void {
    const waiting = [...this.#shown.values()].filter(
      ({ id }) => id.startsWith(`${sourceId}/`) && id.endsWith("/progress"),
    );
    const parents = waiting.map(({ id }) => this.#parents.get(id));
    if (parents.includes(undefined)) this.#fire(undefined);
    else if (parents.length > 0)
      this.#fire(parents.flatMap((parent) => (parent ? (this.#shown.get(parent.id) ?? []) : [])));
  }
}
