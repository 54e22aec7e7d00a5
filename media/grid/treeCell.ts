import type { Column } from "./column.ts";
import { element, iconClass, setText } from "./element.ts";
import type { IconName } from "./iconName.ts";
import type { GridRow } from "./row.ts";

/** The parts of a tree cell in addition to the row's label. */
export interface TreeCellLook<Row> {
  readonly icon: (row: Row) => IconName;
  /** A letter after the label, or nothing. */
  readonly letter: (row: Row) => string;
}

/** Enough to see the level of a row without guides. */
const indentPx = 12;

/** The cell with the twistie and the label, indented by level. Each tree grid has one. */
export function treeCell<Row extends GridRow, Context>(
  look: TreeCellLook<Row>,
): Column<Row, Context, never>["makeCell"] {
  return (cell) => {
    const part = (className: string): HTMLElement => element("span", { class: className, "aria-hidden": "true" });
    const twistie = part("twistie codicon");
    const symbol = part("symbol codicon");
    const label = element("span", { class: "label" });
    const letter = part("mark");
    cell.classList.add("tree-cell");
    cell.append(twistie, symbol, label, letter);
    return (row) => {
      twistie.className = `twistie ${row.isFolder ? iconClass(row.isOpen ? "chevron-down" : "chevron-right") : "codicon"}`;
      symbol.className = `symbol ${iconClass(look.icon(row))}`;
      setText(label, row.label);
      setText(letter, look.letter(row));
      cell.style.paddingInlineStart = `${(row.level - 1) * indentPx}px`;
      cell.title = row.tip ?? row.path;
    };
  };
}
