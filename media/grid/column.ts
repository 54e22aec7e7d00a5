import { setText } from "./element.ts";

/**
 * A column of a tree grid: its header, its cells and its part of the grid's template. `Context` is what all rows share,
 * such as totals; `Sort` names the orders that headers offer.
 */
export interface Column<Row, Context, Sort extends string> {
  /** The classes of its header and its cells. */
  readonly className: string;
  /** The header's text. A column without one is decoration, which screen readers skip. */
  readonly title?: string;
  /** The width at each layout, as a CSS grid track. The column is hidden in the layouts that are left out. */
  readonly widths: ColumnWidths;
  /** Makes the header a button that sorts. */
  readonly sort?: { readonly by: Sort; readonly direction: "ascending" | "descending" };
  /** Fills a new cell and returns the function that updates it; the cell is used for many rows. */
  readonly makeCell: (cell: HTMLElement) => UpdateCell<Row, Context>;
  /** The column's part of the row's accessible name. */
  readonly accessibilityLabel?: (row: Row, context: Context) => string;
}

export type ColumnWidths = readonly [wide: string, medium?: string, narrow?: string];
export type UpdateCell<Row, Context> = (row: Row, context: Context) => void;

/** From wide to narrow. The page widths at which they change are in grid.css. */
export const layouts = ["wide", "medium", "narrow"] as const;
export type Layout = (typeof layouts)[number];

/** A cell with nothing but text. */
export function textCell<Row, Context>(
  text: (row: Row, context: Context) => string,
): Column<Row, Context, never>["makeCell"] {
  return (cell) => (row, context) => setText(cell, text(row, context));
}

/** The `grid-template-columns` of a layout. */
export function gridTemplate(columns: readonly { readonly widths: ColumnWidths }[], layout: Layout): string {
  return columns.flatMap(({ widths }) => widths[layouts.indexOf(layout)] ?? []).join(" ");
}

/** The classes of a column's header and cells, with the layouts that hide them: `cell number before hidden-narrow`. */
export function cellClass({
  className,
  widths,
}: {
  readonly className: string;
  readonly widths: ColumnWidths;
}): string {
  const hidden = layouts.flatMap((layout, index) => (widths[index] === undefined ? [`hidden-${layout}`] : []));
  return ["cell", className, ...hidden].join(" ");
}
