import { cellClass, type Column } from "./column.ts";
import { element, iconClass } from "./element.ts";
import { l10n } from "../protocol/l10n.ts";

/** The head row of a grid. */
export interface GridHead<Sort> {
  readonly root: HTMLElement;
  showSort(sort: Sort): void;
}

export function makeHead<Row, Context, Sort extends string>(
  columns: readonly Column<Row, Context, Sort>[],
  onSort: (sort: Sort) => void,
): GridHead<Sort> {
  const headers = columns.map((column) => ({ column, header: makeHeader(column, onSort) }));
  const row = element(
    "div",
    { class: "head-row", role: "row", "aria-rowindex": 1 },
    ...headers.map(({ header }) => header),
  );
  return {
    root: element("div", { class: "head", role: "rowgroup" }, row),
    showSort: (by) => {
      for (const { column, header } of headers)
        if (column.sort) header.setAttribute("aria-sort", column.sort.by === by ? column.sort.direction : "none");
    },
  };
}

function makeHeader<Row, Context, Sort extends string>(
  column: Column<Row, Context, Sort>,
  onSort: (sort: Sort) => void,
): HTMLElement {
  const { title, sort } = column;
  if (title === undefined) return element("div", { class: cellClass(column), role: "presentation" });
  const header = element("div", { class: cellClass(column), role: "columnheader" });
  if (sort) header.append(sortButton(title, () => onSort(sort.by)));
  else header.textContent = title;
  return header;
}

function sortButton(title: string, onClick: () => void): HTMLElement {
  return element(
    "button",
    { type: "button", tabindex: -1, title: l10n.t("Sort by {0}", title.toLowerCase()), onclick: onClick },
    element("span", { text: title }),
    element("span", { class: `sort-mark ${iconClass("arrow-down")}`, "aria-hidden": "true" }),
  );
}
