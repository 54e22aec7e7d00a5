import { formatBytes } from "../../../oci/core/bytes.ts";
import { element } from "../../grid/element.ts";
import { changeFilterOf } from "../filter.ts";
import { spokenKinds } from "../rowTexts.ts";
import type { TreeNode } from "../tree.ts";
import { bytesOf, type ShownTree, type Tile, tilesOf } from "./tiles.ts";
import { l10n } from "../../protocol/l10n.ts";

export interface TreemapEvents {
  /** The user selected a path. */
  onSelect(path: string): void;
  /** Shows the current tile's row in the table. */
  onShowInTable(): void;
}

/** The tab of the treemap: the rows of the table as areas. Enter or a double click zooms into a folder. */
export class TreemapPage {
  readonly root: HTMLElement;
  readonly #events: TreemapEvents;
  readonly #crumbs = element("nav", { class: "crumbs", "aria-label": l10n.t("Zoomed folder") });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #map = element("div", { class: "treemap", role: "tree", "aria-label": l10n.t("Treemap") });
  #shown: ShownTree | undefined;
  /** The path of the zoomed folder; empty for the whole. */
  #zoomed = "";
  #current = "";
  #tiles: readonly Tile[] = [];

  constructor(events: TreemapEvents) {
    this.#events = events;
    const header = element("header", {}, element("div", { class: "bar-line" }, this.#crumbs, this.#status));
    this.root = element("div", { class: "page map" }, header, element("div", { class: "body" }, this.#map));
    this.#map.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.#map);
  }

  /** Shows what the table shows, with the table's current row; undefined while there are no rows. */
  show(shown: ShownTree | undefined): void {
    const former = this.#shown;
    this.#shown = shown;
    this.#current = shown?.current ?? "";
    const hasLeft = !isWithin(this.#current, this.#zoomed);
    if (hasLeft) this.#zoomed = "";
    if (!hasLeft && shown && former && isSameContent(shown, former) && this.#tiles.length > 0) this.#mark();
    else this.#draw();
  }

  /** The path of the current tile; empty if none was chosen. */
  get current(): string {
    return this.#current;
  }

  focus(): void {
    this.#map.querySelector<HTMLElement>('.tile[tabindex="0"]')?.focus();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#map;
    const shown = this.#shown;
    this.root.dataset["state"] = "rows";
    if (!shown || width === 0) return this.#map.replaceChildren();
    const hadFocus = this.#map.contains(document.activeElement);
    const folder = this.#folder(shown);
    this.#tiles = tilesOf(shown, folder, { x: 0, y: 0, width, height });
    const total = bytesOf(shown, folder);
    this.#map.replaceChildren(...this.#tiles.map((tile) => this.#tile(tile, total)));
    this.#mark();
    this.#drawCrumbs(folder, shown);
    this.#status.textContent =
      this.#tiles.length === 0 ? l10n.t("Nothing here has bytes to show") : totalText(shown, total);
    if (hadFocus) this.focus();
  }

  /** The zoomed folder; the root if the rows no longer have it. */
  #folder({ tree }: ShownTree): TreeNode {
    const found = tree.nodes.find(({ path }) => path === this.#zoomed) ?? tree.nodes[0];
    if (!found) throw new Error("a tree has a root");
    this.#zoomed = found.path;
    return found;
  }

  #tile(tile: Tile, totalBytes: number): HTMLElement {
    const { node, isFolder, bytes, at, level, position, siblings } = tile;
    const kind = node.row && !isFolder ? changeFilterOf(node.row) : "folder";
    const share = (bytes / totalBytes) * 100;
    const label = [`/${node.path}`, formatBytes(bytes), `${share.toFixed(share < 1 ? 1 : 0)} %`, spokenKinds[kind]];
    const text = label.filter((part) => part !== "").join(", ");
    const made = element(
      "div",
      {
        class: `tile ${kind}`,
        role: "treeitem",
        title: text,
        "aria-label": text,
        "aria-level": level,
        "aria-posinset": position,
        "aria-setsize": siblings,
        "data-path": node.path,
        onclick: () => this.#select(node.path),
        ondblclick: () => this.#enter(tile),
      },
      ...(at.width > 44 && at.height > 15 ? [element("span", { class: "tile-name", text: node.name })] : []),
    );
    Object.assign(made.style, {
      left: `${at.x}px`,
      top: `${at.y}px`,
      width: `${at.width}px`,
      height: `${at.height}px`,
    });
    return made;
  }

  #drawCrumbs(folder: TreeNode, { tree }: ShownTree): void {
    const path: TreeNode[] = [];
    for (let node: TreeNode | undefined = folder; node && node.index > 0; node = tree.nodes[node.parent])
      path.unshift(node);
    const crumb = (text: string, to: string): HTMLElement =>
      element("button", {
        type: "button",
        class: "crumb",
        text,
        "aria-current": to === this.#zoomed ? "true" : undefined,
        onclick: () => this.#zoom(to, this.#zoomed),
      });
    this.#crumbs.replaceChildren(crumb("/", ""), ...path.map((node) => crumb(node.name, node.path)));
  }

  #select(path: string): void {
    this.#current = path;
    this.#mark();
    this.focus();
    this.#events.onSelect(path);
  }

  /** Marks the tile of the current path, or of the nearest folder above it that has one. */
  #mark(): void {
    const current = this.#tileOf(this.#current);
    const focused = current ?? this.#tiles[0];
    for (const [index, each] of [...this.#map.querySelectorAll<HTMLElement>(".tile")].entries()) {
      const tile = this.#tiles[index];
      const isCurrent = tile !== undefined && tile === current;
      each.classList.toggle("current", isCurrent);
      each.setAttribute("aria-selected", String(isCurrent));
      each.tabIndex = tile === focused ? 0 : -1;
    }
  }

  #tileOf(path: string): Tile | undefined {
    const byPath = new Map(this.#tiles.map((tile) => [tile.node.path, tile]));
    for (let at = path; at !== ""; at = parentOf(at)) {
      const tile = byPath.get(at);
      if (tile) return tile;
    }
    return undefined;
  }

  #enter({ node, isFolder }: Tile): void {
    if (!isFolder) return this.#events.onShowInTable();
    this.#zoom(node.path, this.#largestIn(node));
  }

  #zoom(to: string, current: string): void {
    this.#zoomed = to;
    this.#current = current;
    this.#draw();
    this.focus();
    this.#events.onSelect(current);
  }

  #largestIn({ children }: TreeNode): string {
    const shown = this.#shown;
    const nodes = children.flatMap((index) => shown?.tree.nodes[index] ?? []);
    return shown ? ([...nodes].sort((a, b) => bytesOf(shown, b) - bytesOf(shown, a))[0]?.path ?? "") : "";
  }

  /** As in a tree: Left and Right go through siblings, Up and Down between a folder and its content. */
  #key(event: KeyboardEvent): void {
    const path = event.target instanceof HTMLElement ? event.target.dataset["path"] : undefined;
    const current = this.#tiles.find(({ node }) => node.path === path);
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves.get(event.key);
    if (move) this.#go(move(current, this.#tiles));
    else if (event.key === "Enter") this.#enter(current);
    else if (event.key === "Escape" || event.key === "Backspace") this.#zoomOut();
    else return;
    event.preventDefault();
  }

  #go(to: Tile | undefined): void {
    if (to) this.#select(to.node.path);
  }

  #zoomOut(): void {
    if (this.#zoomed !== "") this.#zoom(parentOf(this.#zoomed), this.#zoomed);
  }
}

/** True if two trees have the same rows with the same bytes. */
function isSameContent(a: ShownTree, b: ShownTree): boolean {
  return a.tree === b.tree && a.totals === b.totals && a.isWhole === b.isWhole;
}

function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** The path of the folder that a path is in; empty at the top. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

type Move = (from: Tile, tiles: readonly Tile[]) => Tile | undefined;

const sibling =
  (by: 1 | -1): Move =>
  (from, tiles) =>
    tiles.find(({ node, position }) => node.parent === from.node.parent && position === from.position + by);

/** By key. */
const moves: ReadonlyMap<string, Move> = new Map([
  ["ArrowRight", sibling(1)],
  ["ArrowLeft", sibling(-1)],
  ["ArrowUp", (from, tiles) => tiles.find(({ node }) => node.index === from.node.parent)],
  ["ArrowDown", (from, tiles) => tiles.find(({ node }) => node.parent === from.node.index)],
  ["Home", (_from, tiles) => tiles[0]],
]);

function totalText({ isWhole }: ShownTree, bytes: number): string {
  return isWhole
    ? l10n.t("{0} in this folder", formatBytes(bytes))
    : l10n.t("{0} changed in this folder", formatBytes(bytes));
}
