import type { DiffHeader, DiffMessage, ViewRow, ViewToHost } from "../protocol/messages.ts";
import { unpackRows } from "../protocol/packedRows.ts";
import { element } from "../grid/element.ts";
import { Grid, type PickedPart } from "../grid/grid.ts";
import { keyAction, type KeyAction, siblingFolders } from "../grid/keys.ts";
import { pageSize } from "../grid/viewport.ts";
import { diffColumns, type DiffContext, diffContext } from "./columns.ts";
import { showDetails } from "./details.ts";
import { type ChangeFilter, countChanges, type Filter, filterTree } from "./filter.ts";
import { type Placeholder, showPlaceholder } from "./placeholder.ts";
import { securityQualifier, toggleQualifier } from "./query.ts";
import { rowMenu } from "./rowMenu.ts";
import { rowKind } from "./rowTexts.ts";
import { foldersAbove, type Loaded, nothingIn, rowOf, shownTree, sidesOf, statusText } from "./loaded.ts";
import { decodeState, type ViewState } from "./state.ts";
import { Summary } from "./summary.ts";
import { Typeahead } from "./list/typeahead.ts";
import { buildTree } from "./tree.ts";
import type { ShownTree } from "./treemap/tiles.ts";
import { allFolders, flatRows, initiallyOpen, type SortOrder, type VisibleRow, visibleRows } from "./visibleRows.ts";
import { l10n } from "../protocol/l10n.ts";

export interface PageHost {
  post(message: ViewToHost): void;
  keep(state: unknown): void;
  readonly kept: unknown;
}

/** About a screen of rows. */
const firstLookRows = 40;

/** The tab of changes: handles host messages and user input, and renders. */
export class Page {
  readonly root: HTMLElement;
  readonly #host: PageHost;
  readonly #onShown: () => void;
  readonly #summary: Summary;
  readonly #grid: Grid<VisibleRow, DiffContext, SortOrder>;
  readonly #details = element("aside", { class: "details", "aria-label": l10n.t("Details") });
  readonly #placeholder = element("div", { class: "waiting" });
  #state: ViewState;
  #open: ReadonlySet<string> = new Set();
  #closedInSearch: ReadonlySet<string> = new Set();
  #arriving: { readonly header: DiffHeader; readonly rows: ViewRow[] } | undefined;
  #loaded: Loaded | undefined;
  #request: unknown;
  readonly #typeahead = new Typeahead();

  /** `onShown` is called after other rows are shown, or another row is the current one. */
  constructor(host: PageHost, onShown: () => void) {
    this.#host = host;
    this.#onShown = onShown;
    this.#state = decodeState(host.kept);
    this.#summary = new Summary({
      onToggle: (kind) => this.#toggle(kind),
      onSearch: (text) => this.#filter({ ...this.#state.filter, text }),
      onToggleSecurity: () =>
        this.#filter({ ...this.#state.filter, text: toggleQualifier(this.#state.filter.text, securityQualifier) }),
      onLeaveSearch: () => this.#grid.focus(),
      onToggleFlat: () => this.#toggleFlat(),
      onToggleWhole: () => this.#host.post({ type: "showWhole", isWhole: this.#loaded?.header.isWhole !== true }),
      onOpenAll: () => this.#fold(allFolders(this.#loaded?.tree ?? { nodes: [] }), new Set()),
      onCloseAll: () => this.#fold(new Set(), allFolders(this.#loaded?.tree ?? { nodes: [] })),
    });
    this.#grid = new Grid(
      { label: l10n.t("Changed files"), rowId: "change", columns: diffColumns, rowClass: rowKind, rowMenu },
      {
        onKey: (event) => this.#key(event),
        onPick: (index, part) => this.#pick(index, part),
        onSort: (sort) => this.#sort(sort),
        onScroll: (scrollTop) => this.#keep({ scrollTop }),
      },
    );
    this.root = element(
      "div",
      { class: "page" },
      this.#summary.root,
      element("div", { class: "body" }, this.#placeholder, this.#grid.root, this.#details),
    );
    this.#showPlaceholder({ kind: "progress", label: l10n.t("Reading layers…") });
  }

  focus(): void {
    if (this.root.dataset["state"] === "rows") this.#grid.focus();
  }

  /** The rows of the table; undefined until they have arrived. */
  get shown(): ShownTree | undefined {
    return this.#loaded && shownTree(this.#loaded);
  }

  /** Makes a path's row the current one, and opens the folders that it is in. */
  reveal(path: string): void {
    if (!this.#loaded) return;
    this.#keep({ current: path });
    this.#setOpen(foldersAbove(path), "open");
    this.#moveTo(rowOf(this.#loaded, path));
  }

  /** Shows the line of the Dockerfile that made the layer. */
  showPlace(text: string): void {
    this.#summary.showPlace(text);
  }

  receive(message: DiffMessage): void {
    switch (message.type) {
      case "identify":
        return this.#identify(message.request);
      case "progress":
        return this.#showPlaceholder({ ...message, kind: "progress" });
      case "begin":
        this.#arriving = { header: message.header, rows: [] };
        return this.#showPlaceholder({ kind: "progress", label: l10n.t("Rendering…") });
      case "rows":
        this.#arriving?.rows.push(...unpackRows(message.rows));
        return;
      case "end":
        return this.#load();
      case "error":
        return this.#showPlaceholder({ kind: "error", title: message.title, message: message.message });
      case "cancelled":
        return this.#showPlaceholder({ kind: "cancelled" });
      default:
        return message satisfies never;
    }
  }

  /** Resets the rows for another request in the same panel; filters and sorting stay. */
  #identify(request: unknown): void {
    const isOther = this.#request !== undefined && sidesOf(this.#request) !== sidesOf(request);
    this.#request = request;
    if (!isOther) return this.#keep({});
    this.#loaded = undefined;
    this.#grid.scrollTo(0);
    const { open, current, ...others } = this.#state;
    this.#state = { ...others, scrollTop: 0 };
    this.#keep({});
  }

  #load(): void {
    if (!this.#arriving) return;
    const { header, rows } = this.#arriving;
    const { filter, open, scrollTop } = this.#state;
    this.#arriving = undefined;
    const tree = buildTree(rows);
    const totals = filterTree(tree, filter);
    this.#open = open === undefined ? initiallyOpen(tree, totals, firstLookRows) : new Set(open);
    const markedCount = rows.filter(({ marks }) => marks !== undefined).length;
    const context = diffContext([], totals, header.isWhole === true);
    this.#loaded = { header, tree, counts: countChanges(rows), markedCount, totals, rows: [], context, current: 0 };
    this.#summary.showHeader(header);
    this.#draw();
    this.#grid.scrollTo(scrollTop);
    // Beside the map, the focus stays in the map.
    if (this.root.offsetWidth > 0 && !document.activeElement?.matches(".treemap *")) this.#grid.focus();
  }

  /** Computes the rows again and draws everything; the current row stays on the same file if it is still there. */
  #draw(): void {
    const loaded = this.#loaded;
    if (!loaded) return;
    const { filter, sort, isFlat } = this.#state;
    const isSearching = filter.text.trim() !== "";
    const folding = { open: this.#open, closedInSearch: this.#closedInSearch, isSearching };
    loaded.rows = isFlat
      ? flatRows(loaded.tree, loaded.totals, sort)
      : visibleRows(loaded.tree, loaded.totals, sort, folding);
    loaded.context = diffContext(loaded.rows, loaded.totals, loaded.header.isWhole === true);
    const kept = loaded.rows.findIndex(({ node }) => node.path === this.#state.current);
    loaded.current = kept >= 0 ? kept : Math.min(loaded.current, Math.max(0, loaded.rows.length - 1));
    this.#summary.showFilter(filter, loaded.counts);
    this.#summary.showFlat(isFlat);
    this.#summary.showWhole(loaded.header.isWhole === true);
    this.#summary.showSecurity(loaded.markedCount, filter.text.split(/\s+/).includes(securityQualifier));
    this.#summary.showStatus(statusText(loaded, isFlat));
    this.root.dataset["state"] = "rows";
    if (loaded.rows.length > 0) this.#drawRows();
    else this.#showPlaceholder(nothingIn(loaded, filter, () => this.#showAll()));
    this.#onShown();
  }

  /** Draws what depends on the current row, without computing the rows again. */
  #drawRows(): void {
    const loaded = this.#loaded;
    if (!loaded) return;
    const { rows, totals, current, context } = loaded;
    this.#grid.show({ rows, context, current, sort: this.#state.sort });
    this.root.classList.toggle("with-details", this.#state.hasDetails);
    const node = rows[current]?.node;
    showDetails(this.#details, node, node === undefined ? 0 : (totals.delta[node.index] ?? 0), {
      onCopyPath: (path) => this.#host.post({ type: "copyPath", path }),
      onClose: () => {
        this.#keep({ hasDetails: false });
        this.#drawRows();
        this.#grid.focus();
      },
    });
  }

  #showPlaceholder(placeholder: Placeholder): void {
    this.root.dataset["state"] = this.#loaded !== undefined && placeholder.kind === "nothing" ? "nothing" : "waiting";
    showPlaceholder(this.#placeholder, placeholder, {
      onCancel: () => this.#host.post({ type: "cancel" }),
      onRetry: () => this.#host.post({ type: "retry" }),
    });
  }

  #showAll(): void {
    this.#filter({ text: "", shown: { added: true, changed: true, removed: true, timeOnly: true, same: true } });
  }

  #toggle(kind: ChangeFilter): void {
    const { filter } = this.#state;
    this.#filter({ ...filter, shown: { ...filter.shown, [kind]: !filter.shown[kind] } });
  }

  #filter(filter: Filter): void {
    if (filter.text !== this.#state.filter.text) this.#closedInSearch = new Set();
    this.#keep({ filter });
    if (!this.#loaded) return;
    this.#loaded.totals = filterTree(this.#loaded.tree, filter);
    this.#draw();
  }

  #sort(sort: SortOrder): void {
    this.#keep({ sort });
    this.#draw();
    this.#grid.focus();
  }

  #fold(open: ReadonlySet<string>, closedInSearch: ReadonlySet<string>): void {
    this.#open = open;
    this.#closedInSearch = closedInSearch;
    this.#keep({ open: [...open] });
    this.#draw();
  }

  #setOpen(paths: readonly string[], to: "open" | "closed"): void {
    const open = new Set(this.#open);
    const closed = new Set(this.#closedInSearch);
    for (const path of paths) {
      if (to === "open") open.add(path);
      else open.delete(path);
      if (to === "open") closed.delete(path);
      else closed.add(path);
    }
    this.#fold(open, closed);
  }

  #moveTo(index: number): void {
    const loaded = this.#loaded;
    const row = loaded?.rows[index];
    if (!loaded || row === undefined) return;
    loaded.current = index;
    this.#keep({ current: row.node.path });
    this.#grid.reveal(index);
    this.#drawRows();
    this.#onShown();
  }

  #pick(index: number, part: PickedPart): void {
    const row = this.#loaded?.rows[index];
    if (row === undefined) return;
    this.#moveTo(index);
    if (part === "menu") return;
    if (row.isFolder && part !== "double") this.#setOpen([row.node.path], row.isOpen ? "closed" : "open");
    else if (!row.isFolder && part === "double") this.#openFile(row);
  }

  /** Toggles the flat list. It starts sorted by size because it is for finding the largest files. */
  #toggleFlat(): void {
    const isFlat = !this.#state.isFlat;
    const sort = this.#loaded?.header.isWhole ? "size" : "delta";
    this.#keep({ isFlat, ...(isFlat && { sort }) });
    this.#draw();
  }

  #openFile(row: VisibleRow | undefined): void {
    const menu = row && rowMenu(row);
    if (menu?.isFile) this.#host.post({ type: "openRow", row: menu });
  }

  #toggleDetails(): void {
    this.#keep({ hasDetails: !this.#state.hasDetails });
    this.#drawRows();
  }

  #key(event: KeyboardEvent): void {
    const loaded = this.#loaded;
    if (!loaded || event.target !== this.#grid.root) return;
    const press = { key: event.key, hasControl: event.ctrlKey || event.metaKey, hasAlt: event.altKey };
    const action = keyAction(press, {
      rows: loaded.rows,
      current: loaded.current,
      pageSize: pageSize(this.#grid.viewport),
    });
    if (!action) return;
    event.preventDefault();
    this.#act(action, loaded);
  }

  #act(action: KeyAction, loaded: Loaded): void {
    switch (action.kind) {
      case "move":
        return this.#moveTo(action.to);
      case "open":
        return this.#setOpen([action.path], "open");
      case "close":
        return this.#setOpen([action.path], "closed");
      case "openSiblings":
        return this.#setOpen(siblingFolders(loaded.rows, loaded.current), "open");
      case "activate":
        return this.#openFile(loaded.rows[loaded.current]);
      case "describe":
        return this.#toggleDetails();
      case "copy": {
        const path = loaded.rows[loaded.current]?.node.path;
        return path === undefined ? undefined : this.#host.post({ type: "copyPath", path });
      }
      case "search":
        return this.#summary.focusSearch();
      case "type":
        return this.#type(action.character, loaded);
      default:
        return action satisfies never;
    }
  }

  #type(character: string, loaded: Loaded): void {
    const found = this.#typeahead.find(character, loaded.rows, loaded.current);
    if (found !== undefined) this.#moveTo(found);
  }

  #keep(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    this.#host.keep({ ...this.#state, request: this.#request });
  }
}
