import type { RowMenu, ViewToHost } from "../../protocol/messages.ts";
import type { Column } from "../../grid/column.ts";
import { element } from "../../grid/element.ts";
import { Grid, type PickedPart } from "../../grid/grid.ts";
import { keyAction, type KeyAction, siblingFolders } from "../../grid/keys.ts";
import type { GridRow } from "../../grid/row.ts";
import { pageSize } from "../../grid/viewport.ts";
import { Typeahead } from "./typeahead.ts";

/** A row with the context of its VS Code menu. */
export interface ListRow extends GridRow {
  readonly menu: RowMenu;
}

export interface ListLook<Row, Context, Sort extends string> {
  /** The accessible name of the grid. */
  readonly label: string;
  readonly rowId: string;
  readonly columns: readonly Column<Row, Context, Sort>[];
  readonly rowClass: (row: Row) => string;
}

export interface ListEvents<Sort> {
  post(message: ViewToHost): void;
  onSort(sort: Sort): void;
  onFold(paths: readonly string[], to: "open" | "closed"): void;
  onSearchKey(): void;
}

/** The rows of a tab, or a text instead. Handles the tab's keys and keeps the current row. */
export class ListBody<Row extends ListRow, Context, Sort extends string> {
  readonly root: HTMLElement;
  readonly #placeholder = element("div", { class: "waiting" });
  readonly #grid: Grid<Row, Context, Sort>;
  readonly #events: ListEvents<Sort>;
  readonly #typeahead = new Typeahead();
  #content: { readonly rows: readonly Row[]; readonly context: Context; readonly sort: Sort } | undefined;
  #current = 0;

  constructor(look: ListLook<Row, Context, Sort>, events: ListEvents<Sort>) {
    this.#events = events;
    this.#grid = new Grid(
      { ...look, rowMenu: ({ menu }) => menu },
      {
        onKey: (event) => this.#key(event),
        onPick: (index, part) => this.#pick(index, part),
        onSort: (sort) => ((this.#current = 0), events.onSort(sort), this.focus()),
        onScroll: () => undefined,
      },
    );
    this.root = element("div", { class: "body" }, this.#placeholder, this.#grid.root);
  }

  /** Shows rows. The current row stays on the same path, or else at the same index. */
  show(content: { readonly rows: readonly Row[]; readonly context: Context; readonly sort: Sort }): void {
    const path = this.#content?.rows[this.#current]?.path;
    const kept = content.rows.findIndex((row) => row.path === path);
    this.#content = content;
    this.#current = Math.max(0, kept >= 0 ? kept : Math.min(this.#current, content.rows.length - 1));
    this.#draw();
  }

  /** Shows other content instead of rows. */
  showInstead(...nodes: readonly Node[]): void {
    this.#placeholder.replaceChildren(...nodes);
  }

  focus(): void {
    this.#grid.focus();
  }

  #draw(): void {
    if (this.#content) this.#grid.show({ ...this.#content, current: this.#current });
  }

  #moveTo(index: number): void {
    if (this.#content?.rows[index] === undefined) return;
    this.#current = index;
    this.#grid.reveal(index);
    this.#draw();
  }

  #pick(index: number, part: PickedPart): void {
    const row = this.#content?.rows[index];
    if (!row) return;
    this.#moveTo(index);
    if (part === "menu") return;
    if (row.isFolder && part !== "double") this.#events.onFold([row.path], row.isOpen ? "closed" : "open");
    else if (!row.isFolder && part === "double") this.#actOn(row, "activate");
  }

  #actOn({ menu }: Row, kind: "activate" | "copy"): void {
    const isOpening = kind === "activate";
    this.#events.post(isOpening ? { type: "openRow", row: menu } : { type: "copyPath", path: menu.path });
  }

  #key(event: KeyboardEvent): void {
    const { rows } = this.#content ?? { rows: [] };
    // Buttons in the header handle Enter and Space themselves.
    if (event.target !== this.#grid.root) return;
    const press = { key: event.key, hasControl: event.ctrlKey || event.metaKey, hasAlt: event.altKey };
    const action = keyAction(press, { rows, current: this.#current, pageSize: pageSize(this.#grid.viewport) });
    if (!action) return;
    event.preventDefault();
    this.#act(action, rows);
  }

  #type(character: string, rows: readonly Row[]): void {
    const found = this.#typeahead.find(character, rows, this.#current);
    if (found !== undefined) this.#moveTo(found);
  }

  #act(action: KeyAction, rows: readonly Row[]): void {
    const row = rows[this.#current];
    switch (action.kind) {
      case "move":
        return this.#moveTo(action.to);
      case "open":
        return this.#events.onFold([action.path], "open");
      case "close":
        return this.#events.onFold([action.path], "closed");
      case "openSiblings":
        return this.#events.onFold(siblingFolders(rows, this.#current), "open");
      case "activate":
      case "copy":
        return row && this.#actOn(row, action.kind);
      case "describe":
        return;
      case "search":
        return this.#events.onSearchKey();
      case "type":
        return this.#type(action.character, rows);
      default:
        return action satisfies never;
    }
  }
}
