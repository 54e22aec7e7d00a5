import { element } from "./dom/element.ts";
import { makeRow, type RowElement } from "./dom/rowElement.ts";
import type { Totals } from "./filter.ts";
import { type RowRange, rowsInView, scrollToShow, type Viewport } from "./viewport.ts";
import type { SortOrder, VisibleRow } from "./visibleRows.ts";

/** What the grid draws. */
export interface GridContent {
  readonly rows: readonly VisibleRow[];
  readonly totals: Totals;
  readonly current: number;
  readonly sort: SortOrder;
}

export interface GridEvents {
  onKey(event: KeyboardEvent): void;
  onPick(rowIndex: number, part: "row" | "twistie" | "double"): void;
  onSort(sort: SortOrder): void;
  onScroll(scrollTop: number): void;
}

/** As tall as the rows of VS Code's own lists. */
export const rowHeight = 22;

/** The treegrid: only the rows in view are in the DOM, moved about and filled again as it scrolls. */
export class Grid {
  readonly root: HTMLElement;
  readonly #scroller = element("div", { class: "scroller", role: "rowgroup" });
  readonly #sizer = element("div", { class: "sizer", role: "presentation" });
  readonly #nameHeader: HTMLElement;
  readonly #deltaHeader: HTMLElement;
  /** Row elements by the index they show. */
  #shown = new Map<number, RowElement>();
  #content: GridContent | undefined;
  #largestDelta = 0;

  constructor(events: GridEvents) {
    this.#nameHeader = header("name", "Name", () => events.onSort("path"));
    this.#deltaHeader = header("number delta", "Size change", () => events.onSort("delta"));
    const head = element(
      "div",
      { class: "head", role: "rowgroup" },
      element(
        "div",
        { class: "head-row", role: "row", "aria-rowindex": 1 },
        this.#nameHeader,
        header("number before", "Before"),
        header("number after", "After"),
        this.#deltaHeader,
        element("div", { class: "cell share", role: "presentation" }),
        header("what", "What changed"),
      ),
    );
    this.#scroller.append(this.#sizer);
    this.root = element(
      "div",
      { class: "grid", role: "treegrid", tabindex: 0, "aria-label": "Changed files", "aria-multiselectable": "false" },
      head,
      this.#scroller,
    );
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

  show(content: GridContent): void {
    this.#content = content;
    this.#largestDelta = content.rows.reduce(
      (largest, { node }) => Math.max(largest, Math.abs(content.totals.delta[node.index] ?? 0)),
      0,
    );
    this.#sizer.style.height = `${content.rows.length * rowHeight}px`;
    this.root.setAttribute("aria-rowcount", String(content.rows.length + 1));
    this.#nameHeader.setAttribute("aria-sort", content.sort === "path" ? "ascending" : "none");
    this.#deltaHeader.setAttribute("aria-sort", content.sort === "delta" ? "descending" : "none");
    this.#draw("changed");
  }

  scrollTo(scrollTop: number): void {
    this.#scroller.scrollTop = scrollTop;
  }

  reveal(rowIndex: number): void {
    this.#scroller.scrollTop = scrollToShow(rowIndex, this.viewport);
    this.#draw("scrolled");
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
      place.show(row, {
        index,
        rowHeight,
        isCurrent: index === content.current,
        totals: content.totals,
        largestDelta: this.#largestDelta,
      });
    }
    for (const { root } of spare) root.remove();
    // A screen reader may only be pointed at a row that exists.
    if (this.#shown.has(content.current)) this.root.setAttribute("aria-activedescendant", `row-${content.current}`);
    else this.root.removeAttribute("aria-activedescendant");
  }

  /** Row elements that left the range, free for other rows. */
  #takeOut(range: RowRange): RowElement[] {
    const free: RowElement[] = [];
    for (const [index, row] of this.#shown) {
      if (index >= range.first && index < range.end) continue;
      this.#shown.delete(index);
      free.push(row);
    }
    return free;
  }

  #newRow(): RowElement {
    const row = makeRow();
    this.#sizer.append(row.root);
    return row;
  }

  #picked(event: MouseEvent, events: GridEvents, part: "row" | "double"): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const rowElement = target?.closest(".row");
    for (const [index, { root }] of this.#shown) {
      if (root === rowElement) events.onPick(index, target?.classList.contains("twistie") ? "twistie" : part);
    }
  }
}

function header(className: string, text: string, onClick?: () => void): HTMLElement {
  if (!onClick) return element("div", { class: `cell ${className}`, role: "columnheader", text });
  const button = element(
    "button",
    { type: "button", tabindex: -1, title: `Sort by ${text.toLowerCase()}`, onclick: onClick },
    element("span", { text }),
    element("span", { class: "sort-mark codicon codicon-arrow-down", "aria-hidden": "true" }),
  );
  return element("div", { class: `cell ${className}`, role: "columnheader" }, button);
}
