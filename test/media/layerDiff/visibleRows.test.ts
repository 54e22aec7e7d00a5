import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Filter, filterTree } from "../../../media/layerDiff/filter.ts";
import { initialState } from "../../../media/layerDiff/state.ts";
import { buildTree } from "../../../media/layerDiff/tree.ts";
import {
  allFolders,
  flatRows,
  initiallyOpen,
  type SortOrder,
  visibleRows,
} from "../../../media/layerDiff/visibleRows.ts";
import { rows } from "./diffRows.ts";

const sample = `
A usr/share/doc/a/readme 30
A usr/share/doc/b/readme 10
M etc/hosts 5>2
D etc/motd 100
A big 50
T var/log/
T var/log/dpkg.log 7
`;

describe("the flat list", () => {
  const flat = (sort: SortOrder): readonly string[] => {
    const tree = buildTree(rows(sample));
    return flatRows(tree, filterTree(tree, initialState.filter), sort).map(({ label }) => label);
  };
  test("the flat list has files without their folders, the largest change first", () => {
    assert.deepEqual(flat("delta"), [
      "etc/motd",
      "big",
      "usr/share/doc/a/readme",
      "usr/share/doc/b/readme",
      "etc/hosts",
    ]);
  });
  test("the flat list can also be sorted by path", () => {
    assert.deepEqual(flat("path").slice(0, 3), ["big", "etc/hosts", "etc/motd"]);
  });
});

describe("visible rows", () => {
  test("folders come first, chains of single folders share a row, and time-only changes are hidden", () => {
    assert.equal(
      draw(sample, { open: ["usr/share/doc", "etc"] }),
      `
- etc  -103
    hosts  -3
    motd  -100
- usr/share/doc  +40
  + a  +30
  + b  +10
  big  +50`,
    );
  });

  test("sorted by change, the largest comes first, removals like additions", () => {
    assert.equal(
      draw(sample, { open: ["etc"], sort: "delta" }),
      `
- etc  -103
    motd  -100
    hosts  -3
  big  +50
+ usr/share/doc  +40`,
    );
  });

  test("a search opens folders with matches and only counts these", () => {
    assert.equal(
      draw(sample, { text: "readme" }),
      `
- usr/share/doc  +40
  - a  +30
      readme  +30
  - b  +10
      readme  +10`,
    );
  });

  test("folders closed during a search stay closed", () => {
    assert.equal(
      draw(sample, { text: "readme", closed: ["usr/share/doc"] }),
      `
+ usr/share/doc  +40`,
    );
  });

  test("time-only changes appear with their toggle", () => {
    assert.equal(
      draw(sample, { shown: { added: false, changed: false, removed: false, timeOnly: true, same: false } }),
      `
+ var/log  ±0`,
    );
    assert.equal(
      draw(sample, {
        shown: { added: false, changed: false, removed: false, timeOnly: true, same: false },
        open: ["var/log"],
      }),
      `
- var/log  ±0
    dpkg.log  ±0`,
    );
  });

  test("a changed folder is not joined with the one above", () => {
    assert.equal(
      draw("A opt/\nA opt/app/\nA opt/app/x 1", { open: ["opt", "opt/app"] }),
      `
- opt  +1
  - app  +1
      x  +1`,
    );
  });

  test("a folder whose own change is hidden only shows its content", () => {
    const tree = buildTree(rows("T opt/\nT opt/app/\nA opt/app/x 1"));
    const [row] = visibleRows(tree, filterTree(tree, initialState.filter), "path", {
      open: new Set(),
      closedInSearch: new Set(),
      isSearching: false,
    });
    assert.deepEqual({ label: row?.label, own: row?.own }, { label: "opt/app", own: undefined });
  });

  test("positions are counted among siblings", () => {
    const tree = buildTree(rows(sample));
    const shown = visibleRows(tree, filterTree(tree, initialState.filter), "path", {
      open: new Set(),
      closedInSearch: new Set(),
      isSearching: false,
    });
    assert.deepEqual(
      shown.map(({ level, position, siblings }) => [level, position, siblings]),
      [
        [1, 1, 3],
        [1, 2, 3],
        [1, 3, 3],
      ],
    );
  });
});

describe("initially open folders", () => {
  test("a short diff is initially open", () => {
    const tree = buildTree(rows(sample));
    assert.deepEqual([...initiallyOpen(tree, filterTree(tree, initialState.filter), 40)], [...allFolders(tree)]);
  });

  test("in a long diff, folders with much of the change are initially open", () => {
    const many = Array.from({ length: 30 }, (_, index) => `A big/many/${index} 1000`).join("\n");
    const tree = buildTree(rows(`${many}\nA big/few/a 5000\nA small/a 1\nM other/b 1>9000`));
    assert.deepEqual([...initiallyOpen(tree, filterTree(tree, initialState.filter), 20)], ["big", "other", "big/few"]);
  });

  test("a folder with 100,000 rows is not opened initially", () => {
    const tree = buildTree(Array.from({ length: 100_000 }, (_, index) => rows(`A many/${index} 1`)).flat());
    assert.deepEqual([...initiallyOpen(tree, filterTree(tree, initialState.filter), 40)], []);
    assert.equal(allFolders(tree).size, 1);
  });
});

test("folders nested deeper than the stack are handled", () => {
  const tree = buildTree(rows(`A ${"d/".repeat(20_000)}x 3\nA ${"d/".repeat(19_999)}y 4`));
  const totals = filterTree(tree, initialState.filter);
  assert.equal(totals.delta[0], 7);
  assert.equal(
    visibleRows(tree, totals, "path", { open: allFolders(tree), closedInSearch: new Set(), isSearching: false }).length,
    4,
  );
});

interface View {
  readonly open?: readonly string[];
  readonly closed?: readonly string[];
  readonly sort?: SortOrder;
  readonly text?: string;
  readonly shown?: Filter["shown"];
}

function draw(
  text: string,
  { open = [], closed = [], sort = "path", text: search = "", shown = initialState.filter.shown }: View,
): string {
  const tree = buildTree(rows(text));
  const totals = filterTree(tree, { text: search, shown });
  const list = visibleRows(tree, totals, sort, {
    open: new Set(open),
    closedInSearch: new Set(closed),
    isSearching: search !== "",
  });
  return list
    .map((row) => {
      const delta = totals.delta[row.node.index] ?? 0;
      return `\n${"  ".repeat(row.level - 1)}${row.isFolder ? (row.isOpen ? "-" : "+") : " "} ${row.label}  ${delta > 0 ? "+" : delta === 0 ? "±" : ""}${delta}`;
    })
    .join("");
}
