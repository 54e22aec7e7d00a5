import { cellClass, type Column } from "./column.ts";
import { element } from "./element.ts";
import type { GridRow } from "./row.ts";

/** The DOM of one row, used again for another row when it scrolls out. */
export interface RowElement<Row, Context> {
  readonly root: HTMLElement;
  show(row: Row, place: RowPlace<Context>): void;
}

export interface RowPlace<Context> {
  readonly index: number;
  readonly rowHeight: number;
  readonly isCurrent: boolean;
  readonly context: Context;
}

/** The look of the rows of a grid. */
export interface RowLook<Row, Context, Sort extends string> {
  /** The prefix of the rows' IDs; each grid of a page has its own. */
  readonly rowId: string;
  readonly columns: readonly Column<Row, Context, Sort>[];
  /** Classes of the whole row. */
  readonly rowClass: (row: Row) => string;
  /**
   * The context that VS Code's menu for a row checks.
   * @see https://code.visualstudio.com/api/extension-guides/webview#context-menus
   */
  readonly rowMenu: (row: Row) => object;
}

export function makeRow<Row extends GridRow, Context, Sort extends string>({
  rowId,
  columns,
  rowClass,
  rowMenu,
}: RowLook<Row, Context, Sort>): RowElement<Row, Context> {
  const cells = columns.map((column) => {
    const role = column.title === undefined ? "presentation" : "gridcell";
    const cell = element("div", { class: cellClass(column), role });
    return { cell, update: column.makeCell(cell) };
  });
  const root = element("div", { class: "row", role: "row" }, ...cells.map(({ cell }) => cell));
  return {
    root,
    show: (row, place) => {
      const { index, rowHeight, isCurrent, context } = place;
      root.className = `row ${rowClass(row)}${isCurrent ? " current" : ""}${row.isFolder ? " is-folder" : ""}`;
      root.style.transform = `translateY(${index * rowHeight}px)`;
      for (const { update } of cells) update(row, context);
      const labels = columns.map(({ accessibilityLabel }) => accessibilityLabel?.(row, context) ?? "");
      root.id = `${rowId}-${index}`;
      root.setAttribute("data-vscode-context", menuContext(rowMenu(row)));
      describeToScreenReaders(root, row, place);
      root.setAttribute("aria-label", labels.filter((label) => label !== "").join(", "));
    },
  };
}

function describeToScreenReaders(root: HTMLElement, row: GridRow, place: RowPlace<unknown>): void {
  const set = (name: string, value: string | number): void => root.setAttribute(name, String(value));
  set("aria-level", row.level);
  set("aria-posinset", row.position);
  set("aria-setsize", row.siblings);
  // The header is row 1.
  set("aria-rowindex", place.index + 2);
  set("aria-selected", String(place.isCurrent));
  if (row.isFolder) set("aria-expanded", String(row.isOpen));
  else root.removeAttribute("aria-expanded");
}

/** The attribute that VS Code reads: only our own entries, without those for text. */
export function menuContext(menu: object): string {
  return JSON.stringify({ ...menu, preventDefaultContextMenuItems: true });
}
