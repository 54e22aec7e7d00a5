import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Column, gridTemplate, textCell } from "../../../media/grid/column.ts";
import { Grid } from "../../../media/grid/grid.ts";
import { type DiffColumn, type DiffContext, diffColumns, diffContext } from "../../../media/layerDiff/columns.ts";
import { filterTree } from "../../../media/layerDiff/filter.ts";
import { rowMenu } from "../../../media/layerDiff/rowMenu.ts";
import { rowKind } from "../../../media/layerDiff/rowTexts.ts";
import { initialState } from "../../../media/layerDiff/state.ts";
import { buildTree } from "../../../media/layerDiff/tree.ts";
import { allFolders, type SortOrder, type VisibleRow, visibleRows } from "../../../media/layerDiff/visibleRows.ts";
import { byRole, FakeElement, textOf, useFakeDocument } from "../grid/fakeDocument.ts";
import { rows } from "./diffRows.ts";

useFakeDocument();

describe("the columns of the diff", () => {
  test("narrower layouts first hide single sizes and bars, then the words", () => {
    assert.equal(gridTemplate(diffColumns, "wide"), "minmax(180px, 1fr) 72px 72px 100px 56px minmax(100px, 0.28fr)");
    assert.equal(gridTemplate(diffColumns, "medium"), "minmax(0, 1fr) 76px 104px minmax(96px, 0.3fr)");
    assert.equal(gridTemplate(diffColumns, "narrow"), "minmax(0, 1fr) 104px");
  });

  test("header and rows show the columns of the table", () => {
    assert.equal(
      print(diffColumns),
      `
Name | Before | After | Size change | What changed
etc |  |  | +4 B | ~1  −1
hostsM | 3 B | 12 B | +9 B | content
motdD | 5 B |  | −5 B |`,
    );
  });

  test("screen readers read a row as name, kind, size change and what changed", () => {
    assert.deepEqual(
      byRole(draw(diffColumns), "row").map((row) => row.attributes.get("aria-label")),
      [undefined, "etc, +4 B, ~1  −1", "hosts, changed, +9 B, content", "motd, removed, −5 B"],
    );
  });

  test("a new column only needs a row in the table", () => {
    const owner: DiffColumn = {
      className: "owner",
      title: "Owner",
      widths: ["80px", "60px"],
      makeCell: textCell(({ own }) => own?.after?.owner ?? ""),
    };
    const columns = [...diffColumns, owner];
    assert.equal(
      print(columns),
      `
Name | Before | After | Size change | What changed | Owner
etc |  |  | +4 B | ~1  −1 |
hostsM | 3 B | 12 B | +9 B | content | 0:0
motdD | 5 B |  | −5 B |  |`,
    );
    const { properties } = draw(columns).style;
    assert.match(properties.get("--columns-wide") ?? "", / 80px$/);
    assert.match(properties.get("--columns-medium") ?? "", / 60px$/);
    assert.match(properties.get("--columns-narrow") ?? "", / 104px$/);
    assert.deepEqual(
      byRole(draw(columns), "gridcell").flatMap(({ className }) => (/owner/.test(className) ? [className] : []))[0],
      "cell owner hidden-narrow",
    );
  });

  test("a sorted column's header shows the direction", () => {
    const sorts = byRole(draw(diffColumns), "columnheader").map((header) =>
      `${textOf(header)} ${header.attributes.get("aria-sort") ?? ""}`.trim(),
    );
    assert.deepEqual(sorts, ["Name ascending", "Before", "After none", "Size change none", "What changed"]);
  });
});

/** The grid's header and rows, one per line, without decorative columns. */
function print(columns: readonly DiffColumn[]): string {
  const lines = byRole(draw(columns), "row").map((row) =>
    [...byRole(row, "columnheader"), ...byRole(row, "gridcell")].map(textOf).join(" | ").trimEnd(),
  );
  return `\n${lines.join("\n")}`;
}

function draw(columns: readonly Column<VisibleRow, DiffContext, SortOrder>[]): FakeElement {
  const nothing = (): void => undefined;
  const grid = new Grid(
    { label: "Changed files", rowId: "change", columns, rowClass: rowKind, rowMenu },
    { onKey: nothing, onPick: nothing, onSort: nothing, onScroll: nothing },
  );
  const tree = buildTree(rows("M etc/hosts 3>12\nD etc/motd 5"));
  const totals = filterTree(tree, initialState.filter);
  const folding = { open: allFolders(tree), closedInSearch: new Set<string>(), isSearching: false };
  const shown = visibleRows(tree, totals, "path", folding);
  grid.show({ rows: shown, context: diffContext(shown, totals, false), current: 0, sort: "path" });
  const root: unknown = grid.root;
  if (!(root instanceof FakeElement)) throw new Error("the grid was made of something else");
  return root;
}
