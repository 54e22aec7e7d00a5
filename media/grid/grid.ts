import { gridTemplate, layouts } from "./column.ts";
import { element } from "./element.ts";
import { type GridHead, makeHead } from "./head.ts";
import type { GridRow } from "./row.ts";
import { makeRow, menuContext, type RowElement, type RowLook } from "./rowElement.ts";
import { type RowRange, rowsInView, scrollToShow, type Viewport } from "./viewport.ts";

/** The rows that the grid shows, and what they share. */
export interface GridContent<Row, Context, Sort> {
  readonly rows: readonly Row[];
  readonly context: Context;
  /** The index of the current row. */
  readonly current: number;
  readonly sort: Sort;
}

/** The part of a row that was clicked; "menu" is the secondary button. */
export type PickedPart = "row" | "twistie" | "double" | "menu";

export interface GridEvents<Sort> {
  onKey(event: KeyboardEvent): void;
  onPick(rowIndex: number, part: PickedPart): void;
  onSort(sort: Sort): void;
  onScroll(scrollTop: number): void;
}

export interface GridLook<Row, Context, Sort extends string> extends RowLook<Row, Context, Sort> {
  /** The accessible name of the grid. */
  readonly label: string;
}

/** The same height as rows of VS Code's own lists. */
const rowHeight = 22;

/** The tree grid: only the rows in view are in the DOM, moved and filled again as it scrolls. */
export class Grid<Row extends GridRow, Context, Sort extends string> {
  readonly root: HTMLElement;
  readonly #look: GridLook<Row, Context, Sort>;
  readonly #head: GridHead<Sort>;
  readonly #scroller = element("div", { class: "scroller", role: "rowgroup" });
  readonly #sizer = element("div", { class: "sizer", role: "presentation" });
  /** Row elements by the index they show. */
  #shown = new Map<number, RowElement<Row, Context>>();
  #content: GridContent<Row, Context, Sort> | undefined;

  constructor(look: GridLook<Row, Context, Sort>, events: GridEvents<Sort>) {
    this.#look = look;
    this.#head = makeHead(look.columns, (sort) => events.onSort(sort));
    this.#scroller.append(this.#sizer);
    this.root = element(
      "div",
      { class: "grid", role: "treegrid", tabindex: 0, "aria-label": look.label, "aria-multiselectable": "false" },
      this.#head.root,
      this.#scroller,
    );
    for (const layout of layouts)
      this.root.style.setProperty(`--columns-${layout}`, gridTemplate(look.columns, layout));
    this.root.addEventListener("keydown", (event) => events.onKey(event));
    this.#scroller.addEventListener(
      "scroll",
      () => {
        this.#draw("scrolled");
        events.onScroll(this.#scroller.scrollTop);
      },
      { passive: true },
    );
    this.#sizer.addEventListener("click", (event) => this.#picked(event, events, "row"));
    this.#sizer.addEventListener("dblclick", (event) => this.#picked(event, events, "double"));
    this.#sizer.addEventListener("contextmenu", (event) => this.#picked(event, events, "menu"));
    new ResizeObserver(() => this.#draw("scrolled")).observe(this.#scroller);
  }

  get viewport(): Viewport {
    return {
      scrollTop: this.#scroller.scrollTop,
      height: this.#scroller.clientHeight,
      rowHeight,
      rowCount: this.#content?.rows.length ?? 0,
    };
  }

  show(content: GridContent<Row, Context, Sort>): void {
    this.#content = content;
    this.#sizer.style.height = `${content.rows.length * rowHeight}px`;
    this.root.setAttribute("aria-rowcount", String(content.rows.length + 1));
    this.#head.showSort(content.sort);
    const current = content.rows[content.current];
    // The menu key opens the menu of the focused element.
    if (current) this.root.setAttribute("data-vscode-context", menuContext(this.#look.rowMenu(current)));
    else this.root.removeAttribute("data-vscode-context");
    this.#draw("changed");
  }

  scrollTo(scrollTop: number): void {
    this.#scroller.scrollTop = scrollTop;
  }

  /** Scrolls to a row; it is drawn by the next `show`, or by the scroll event. */
  reveal(rowIndex: number): void {
    this.#scroller.scrollTop = scrollToShow(rowIndex, this.viewport);
  }

  focus(): void {
    this.root.focus({ preventScroll: true });
  }

  #draw(why: "scrolled" | "changed"): void {
    const content = this.#content;
    if (!content) return;
    const range = rowsInView(this.viewport);
    const spare = this.#takeOut(range);
    for (let index = range.first; index < range.end; index++) {
      const known = this.#shown.get(index);
      if (known !== undefined && why === "scrolled") continue;
      const row = content.rows[index];
      if (row === undefined) continue;
      const place = known ?? spare.pop() ?? this.#newRow();
      this.#shown.set(index, place);
      place.show(row, { index, rowHeight, isCurrent: index === content.current, context: content.context });
    }
    for (const { root } of spare) root.remove();
    // A screen reader may only be pointed to a row that exists.
    if (this.#shown.has(content.current))
      this.root.setAttribute("aria-activedescendant", `${this.#look.rowId}-${content.current}`);
    else this.root.removeAttribute("aria-activedescendant");
  }

  /** Returns the row elements that left the range, free for other rows. */
  #takeOut(range: RowRange): RowElement<Row, Context>[] {
    const free: RowElement<Row, Context>[] = [];
    for (const [index, row] of this.#shown) {
      if (index >= range.first && index < range.end) continue;
      this.#shown.delete(index);
      free.push(row);
    }
    return free;
  }

  #newRow(): RowElement<Row, Context> {
    const row = makeRow(this.#look);
    this.#sizer.append(row.root);
    return row;
  }

  #picked(event: MouseEvent, events: GridEvents<Sort>, part: "row" | "double" | "menu"): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const rowElement = target?.closest(".row");
    for (const [index, { root }] of this.#shown) {
      if (root === rowElement)
        events.onPick(index, part === "row" && target?.classList.contains("twistie") ? "twistie" : part);
    }
  }
}
