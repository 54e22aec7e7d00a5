import { type CancellationToken, type Event, EventEmitter, type TreeDataProvider, type TreeItem } from "vscode";
import { childrenOf, type TreeReaders } from "./children.ts";
import { itemFor, withTooltip } from "./item.ts";
import type { ImageTreeNode } from "./node.ts";

/** The images view: rows come from `childrenOf`, their looks from `itemFor`. */
export class ImagesTree implements TreeDataProvider<ImageTreeNode> {
  readonly #readers: TreeReaders;
  readonly #onFailure: (error: unknown) => void;
  readonly #changed = new EventEmitter<ImageTreeNode | undefined>();
  readonly onDidChangeTreeData: Event<ImageTreeNode | undefined> = this.#changed.event;
  #reading = new AbortController();
  /** Images on show by source and ID. VS Code knows a row by the very value it was given. */
  readonly #images = new Map<string, ImageTreeNode>();

  constructor(readers: TreeReaders, onFailure: (error: unknown) => void) {
    this.#readers = readers;
    this.#onFailure = onFailure;
  }

  /** Reads everything on show again; what is being read now is of no use any more. */
  refresh(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#images.clear();
    this.#changed.fire(undefined);
  }

  /** Shows the layers of one image again, where it is on show. */
  refreshImage(sourceId: string, imageId: string): void {
    const node = this.#images.get(`${sourceId}/${imageId}`);
    if (node) this.#changed.fire(node);
  }

  getTreeItem(node: ImageTreeNode): TreeItem {
    return itemFor(node, Date.now());
  }

  resolveTreeItem(item: TreeItem, node: ImageTreeNode, _token: CancellationToken): TreeItem {
    return withTooltip(item, node, Date.now());
  }

  async getChildren(parent?: ImageTreeNode): Promise<ImageTreeNode[]> {
    const { signal } = this.#reading;
    try {
      const rows = await childrenOf(parent, this.#readers, signal);
      for (const row of rows) if (row.kind === "image") this.#images.set(`${row.sourceId}/${row.summary.id}`, row);
      return [...rows];
    } catch (error) {
      // After a refresh VS Code asks again and drops this answer.
      if (signal.aborted) return [];
      this.#onFailure(error);
      return [{ kind: "notice", id: `${parent?.id ?? ""}/failure`, severity: "error", label: "Imagewright failed here", description: "see its output", command: { id: "imagewright.showOutput", title: "Show Output" } }];
    }
  }

  dispose(): void {
    this.#reading.abort();
    this.#changed.dispose();
  }
}
