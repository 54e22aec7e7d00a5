import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WasteReport, WasteRow } from "../../../media/protocol/messages.ts";
import { Grid } from "../../../media/grid/grid.ts";
import { addsText } from "../../../media/layerDiff/summary.ts";
import { wasteColumns } from "../../../media/layerDiff/waste/wasteColumns.ts";
import {
  efficiencyText,
  howText,
  ownersText,
  totalsText,
  wasteFound,
  type WasteOwner,
  wasteRows,
  type WasteSort,
} from "../../../media/layerDiff/waste/wasteRows.ts";
import { wasteTreeRows } from "../../../media/layerDiff/waste/wasteTree.ts";
import { byRole, FakeElement, textOf, useFakeDocument } from "../grid/fakeDocument.ts";

useFakeDocument();

const everyOwner: ReadonlySet<WasteOwner> = new Set(["base", "own"]);
const lists: WasteRow = {
  path: "var/lists/b",
  bytes: 500,
  broughtBy: 1,
  hiddenBy: 3,
  how: "removed",
  through: "var/lists",
  advice: "Remove it in the RUN of line 3",
};
const shell: WasteRow = {
  path: "bin/sh",
  bytes: 300,
  broughtBy: 2,
  hiddenBy: 3,
  how: "attributes",
  advice: "Set it in line 2",
};
const report: WasteReport = {
  image: "app:1",
  shippedBytes: 2000,
  visibleBytes: 1200,
  wastedBytes: 800,
  efficiency: 0.6,
  base: { layerCount: 1, wastedBytes: 500 },
  steps: ["ADD rootfs /", "", "RUN chmod 700 /bin/sh"],
  rows: [lists, shell],
  layers: [],
  omittedPaths: 0,
};

describe("the size that a layer adds", () => {
  test("a layer adds the content that it ships, with its download size if smaller", () => {
    assert.equal(addsText({ content: 151_344, blob: 62_000 }), "adds 151 kB to the image (62.0 kB compressed)");
    assert.equal(addsText({ content: 0, blob: 32 }), "adds 0 B to the image");
    assert.equal(addsText({ content: 5 }), "adds 5 B to the image");
  });
});

describe("the waste of an image", () => {
  test("totals of waste separate the base image's", () => {
    assert.equal(totalsText(report), "2.00 kB shipped, 1.20 kB visible, 800 B wasted, 60 % efficient");
    assert.equal(ownersText(report), "500 B came with the base image (layer 1), 300 B with the image's own layers");
    assert.equal(
      ownersText({ ...report, base: { layerCount: 3, wastedBytes: 800 } }),
      "All 800 B came with the base image",
    );
    const { base: _, ...unknown } = report;
    assert.equal(ownersText(unknown), "");
  });
  test("100 % means that nothing is wasted", () => {
    assert.deepEqual([efficiencyText(0.99996), efficiencyText(1)], ["99.9 % efficient", "100 % efficient"]);
  });
  test("waste rows are filtered by path and sorted by bytes or path", () => {
    const paths = (text: string, sort: "bytes" | "path"): readonly string[] =>
      wasteRows(wasteFound(report, text, everyOwner), sort).map(({ label }) => label);
    assert.deepEqual(paths("", "bytes"), ["var/lists/b", "bin/sh"]);
    assert.deepEqual(paths("", "path"), ["bin/sh", "var/lists/b"]);
    assert.deepEqual(paths("var/*", "bytes"), ["var/lists/b"]);
    assert.deepEqual(paths("/lists\\/[ab]$/", "bytes"), ["var/lists/b"]);
    assert.deepEqual(paths("/(/", "bytes"), []);
  });
  test("the base image's waste can be shown separately from the image's own", () => {
    const paths = (...owners: readonly WasteOwner[]): readonly string[] =>
      wasteFound(report, "", new Set(owners)).map(({ path }) => path);
    assert.deepEqual([paths("base"), paths("own"), paths()], [["var/lists/b"], ["bin/sh"], []]);
  });
  test("waste by directory has sums of its content, and chains of single folders share a row", () => {
    const found: readonly WasteRow[] = [
      lists,
      { ...lists, path: "var/lists/a", bytes: 100 },
      { ...lists, path: "var/lists/a", bytes: 50, broughtBy: 2 },
      { ...lists, path: "var/lists/more/c", bytes: 1 },
      shell,
    ];
    const drawn = (sort: WasteSort, isOpen: (path: string) => boolean): readonly string[] =>
      wasteTreeRows(found, sort, isOpen).map(
        ({ level, label, bytes, isFolder }) => `${"  ".repeat(level - 1)}${label}${isFolder ? "/" : ""} ${bytes}`,
      );
    assert.deepEqual(
      drawn("bytes", (path) => path !== "bin"),
      ["var/lists/ 651", "  b 500", "  a 100", "  a 50", "  more/ 1", "    c 1", "bin/ 300"],
    );
    assert.deepEqual(
      drawn("path", () => false),
      ["bin/ 300", "var/lists/ 651"],
    );
    const rows = wasteTreeRows(found, "bytes", () => true);
    assert.equal(new Set(rows.map(({ path }) => path)).size, rows.length, "each row can be told from the others");
    assert.deepEqual(rows[0]?.menu.path, "var/lists");
  });
  test("each way of hiding is described", () => {
    const how = (more: Partial<WasteRow>): string => howText({ ...shell, ...more });
    assert.deepEqual(
      [how({ how: "opaque", through: "" }), how({ how: "opaque" }), how({ how: "identical" }), howText(lists)],
      [
        "hidden by the opaque folder /",
        "hidden by an opaque folder",
        "shipped again, identical",
        "removed with var/lists",
      ],
    );
  });
  test("the waste grid describes its cells in words for screen readers", () => {
    const nothing = (): void => undefined;
    const grid = new Grid(
      { label: "Wasted files", rowId: "waste", columns: wasteColumns, rowClass: () => "", rowMenu: ({ menu }) => menu },
      { onKey: nothing, onPick: nothing, onSort: nothing, onScroll: nothing },
    );
    grid.show({ rows: wasteRows(report.rows, "bytes"), context: { steps: report.steps }, current: 0, sort: "bytes" });
    const root: unknown = grid.root;
    assert.ok(root instanceof FakeElement);
    const rows = byRole(root, "row").map((row) =>
      [...byRole(row, "columnheader"), ...byRole(row, "gridcell")].map(textOf).join(" | "),
    );
    assert.deepEqual(rows, [
      "Path | Wasted | Added by | Hidden by | How to save it",
      "var/lists/b | 500 B | layer 1: ADD rootfs / | layer 3: RUN chmod 700 /bin/sh | Remove it in the RUN of line 3",
      "bin/sh | 300 B | layer 2 | layer 3: RUN chmod 700 /bin/sh | Set it in line 2",
    ]);
    assert.equal(
      byRole(root, "row")[1]?.attributes.get("aria-label"),
      "var/lists/b, 500 B wasted, added by layer 1, hidden by layer 3, removed with var/lists; to save it: Remove it in the RUN of line 3",
    );
  });
});
