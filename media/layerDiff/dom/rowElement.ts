import { changedWords, deltaText, sizeText } from "../attributes.ts";
import { rowClass, type Totals } from "../filter.ts";
import type { VisibleRow } from "../visibleRows.ts";
import { element, setText } from "./element.ts";

/** The DOM of one row, used again for another row when it scrolls out. */
export interface RowElement {
  readonly root: HTMLElement;
  show(row: VisibleRow, place: RowPlace): void;
}

export interface RowPlace {
  readonly index: number;
  readonly rowHeight: number;
  readonly isCurrent: boolean;
  readonly totals: Totals;
  /** The largest |delta| on show, for the bars. */
  readonly largestDelta: number;
}

const marks = { added: "A", changed: "M", removed: "D", timeOnly: "T", folder: "" } as const;
const markWords = {
  added: "added",
  changed: "changed",
  removed: "removed",
  timeOnly: "time changed",
  folder: "",
} as const;

/** The parts of a row, and the row. */
interface Parts {
  readonly root: HTMLElement;
  readonly name: HTMLElement;
  readonly twistie: HTMLElement;
  readonly symbol: HTMLElement;
  readonly label: HTMLElement;
  readonly mark: HTMLElement;
  readonly before: HTMLElement;
  readonly after: HTMLElement;
  readonly delta: HTMLElement;
  readonly bar: HTMLElement;
  readonly what: HTMLElement;
}

export function makeRow(): RowElement {
  const parts = makeParts();
  return {
    root: parts.root,
    show: (row, place) => {
      const kind = row.own === undefined ? "folder" : rowClass(row.own);
      parts.root.className = `row ${kind}${place.isCurrent ? " current" : ""}${row.isFolder ? " is-folder" : ""}`;
      parts.root.style.transform = `translateY(${place.index * place.rowHeight}px)`;
      showName(parts, row, marks[kind]);
      showSizes(parts, row, place);
      setText(parts.what, whatChanged(row, place.totals));
      describeToReaders(parts, row, place, markWords[kind]);
    },
  };
}

function makeParts(): Parts {
  const part = (className: string): HTMLElement => element("span", { class: className, "aria-hidden": "true" });
  const cell = (className: string, ...children: Node[]): HTMLElement =>
    element("div", { class: `cell ${className}`, role: "gridcell" }, ...children);
  const [twistie, symbol, label, mark] = [
    part("twistie codicon"),
    part("symbol codicon"),
    element("span", { class: "label" }),
    part("mark"),
  ];
  const name = cell("name", twistie, symbol, label, mark);
  const [before, after, delta, what] = [
    cell("number before"),
    cell("number after"),
    cell("number delta"),
    cell("what"),
  ];
  const bar = element("div", { class: "bar" });
  const share = element("div", { class: "cell share", role: "presentation" }, bar);
  const root = element("div", { class: "row", role: "row" }, name, before, after, delta, share, what);
  return { root, name, twistie, symbol, label, mark, before, after, delta, bar, what };
}

function showName({ name, twistie, symbol, label, mark }: Parts, row: VisibleRow, markText: string): void {
  twistie.className = `twistie codicon${row.isFolder ? ` codicon-chevron-${row.isOpen ? "down" : "right"}` : ""}`;
  symbol.className = `symbol codicon codicon-${symbolOf(row)}`;
  setText(label, row.label);
  setText(mark, markText);
  name.style.paddingInlineStart = `${(row.level - 1) * indentPx}px`;
  name.title = row.node.path;
}

function showSizes(
  { before, after, delta, bar }: Parts,
  { node, own }: VisibleRow,
  { totals, largestDelta }: RowPlace,
): void {
  const bytes = totals.delta[node.index] ?? 0;
  const sign = bytes > 0 ? " more" : bytes < 0 ? " less" : "";
  setText(before, sizeText(own?.before));
  setText(after, sizeText(own?.after));
  setText(delta, deltaText(bytes));
  delta.className = `cell number delta${sign}`;
  bar.className = `bar${sign}`;
  bar.style.width = `${largestDelta === 0 ? 0 : (100 * Math.abs(bytes)) / largestDelta}%`;
}

function whatChanged(row: VisibleRow, totals: Totals): string {
  if (row.isFolder && row.node.children.length > 0) return folderWords(row, totals);
  return row.own === undefined ? "" : changedWords(row.own);
}

/** Enough to see the level of a row without guides. */
const indentPx = 12;

function describeToReaders({ root, what }: Parts, row: VisibleRow, place: RowPlace, kindWord: string): void {
  const set = (name: string, value: string | number): void => root.setAttribute(name, String(value));
  root.id = `row-${place.index}`;
  set("aria-level", row.level);
  set("aria-posinset", row.position);
  set("aria-setsize", row.siblings);
  // The header is row 1.
  set("aria-rowindex", place.index + 2);
  set("aria-selected", String(place.isCurrent));
  if (row.isFolder) set("aria-expanded", String(row.isOpen));
  else root.removeAttribute("aria-expanded");
  const parts = [row.label, kindWord, deltaText(place.totals.delta[row.node.index] ?? 0), what.textContent ?? ""];
  set("aria-label", parts.filter((part) => part !== "").join(", "));
}

/** `+12 ~3 −1`: how many rows in a folder were added, changed, removed, of those that the filter lets through. */
function folderWords({ node, own }: VisibleRow, { added, changed, removed }: Totals): string {
  const kind = own === undefined ? undefined : rowClass(own);
  const count = (numbers: Int32Array, isOwn: boolean): number => (numbers[node.index] ?? 0) - Number(isOwn);
  const counts: readonly (readonly [string, number])[] = [
    ["+", count(added, kind === "added")],
    ["~", count(changed, kind === "changed" || kind === "timeOnly")],
    ["−", count(removed, kind === "removed")],
  ];
  return counts.flatMap(([sign, number]) => (number > 0 ? [`${sign}${number.toLocaleString("en")}`] : [])).join("  ");
}

function symbolOf({ isFolder, isOpen, node }: VisibleRow): string {
  const kind = (node.row?.after ?? node.row?.before)?.kind;
  if (kind === "symlink") return "file-symlink-file";
  if (kind === "hardlink") return "link";
  if (isFolder) return isOpen ? "folder-opened" : "folder";
  return kind === "file" ? "file" : "plug";
}
