import type { GridRow } from "./row.ts";

/** The meaning of a key in the grid. `activate` is Enter, `describe` is Space on a row that isn't a folder. */
export type KeyAction =
  | { readonly kind: "move"; readonly to: number }
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "close"; readonly path: string }
  | { readonly kind: "openSiblings" }
  | { readonly kind: "activate" | "describe" }
  | { readonly kind: "copy" }
  | { readonly kind: "search" }
  | { readonly kind: "type"; readonly character: string };

export interface KeyPress {
  readonly key: string;
  /** Ctrl, or Cmd on a Mac. */
  readonly hasControl: boolean;
  readonly hasAlt: boolean;
}

export interface GridPosition {
  readonly rows: readonly GridRow[];
  readonly current: number;
  readonly pageSize: number;
}

/**
 * The action of a key in an ARIA treegrid; undefined for a key that the grid doesn't use.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/
 */
export function keyAction(press: KeyPress, at: GridPosition): KeyAction | undefined {
  if (press.hasAlt) return undefined;
  if (press.hasControl) return withControl(press.key, at);
  const last = at.rows.length - 1;
  const move = (to: number): KeyAction => ({ kind: "move", to: Math.max(0, Math.min(last, to)) });
  switch (press.key) {
    case "ArrowDown":
      return move(at.current + 1);
    case "ArrowUp":
      return move(at.current - 1);
    case "Home":
      return move(0);
    case "End":
      return move(last);
    case "PageDown":
      return move(at.current + at.pageSize);
    case "PageUp":
      return move(at.current - at.pageSize);
    default:
      return onRow(press.key, at);
  }
}

function withControl(key: string, at: GridPosition): KeyAction | undefined {
  if (key === "Home") return { kind: "move", to: 0 };
  if (key === "End") return { kind: "move", to: Math.max(0, at.rows.length - 1) };
  if (key === "c") return { kind: "copy" };
  return key === "f" ? { kind: "search" } : undefined;
}

function onRow(key: string, at: GridPosition): KeyAction | undefined {
  if (key === "/") return { kind: "search" };
  const row = at.rows[at.current];
  if (row === undefined) return undefined;
  switch (key) {
    case "ArrowRight":
      return row.isFolder ? into(row, at) : undefined;
    case "ArrowLeft":
      return row.isOpen ? { kind: "close", path: row.path } : { kind: "move", to: parentIndex(at) };
    case "Enter":
      return activate(row, "activate");
    case " ":
      return activate(row, "describe");
    case "*":
      return { kind: "openSiblings" };
    default:
      return [...key].length === 1 ? { kind: "type", character: key } : undefined;
  }
}

function activate(row: GridRow, kind: "activate" | "describe"): KeyAction {
  if (!row.isFolder) return { kind };
  return { kind: row.isOpen ? "close" : "open", path: row.path };
}

function into(folder: GridRow, { rows, current }: GridPosition): KeyAction {
  return folder.isOpen
    ? { kind: "move", to: Math.min(current + 1, rows.length - 1) }
    : { kind: "open", path: folder.path };
}

function parentIndex({ rows, current }: GridPosition): number {
  const level = rows[current]?.level ?? 1;
  for (let index = current - 1; index >= 0; index--) {
    if ((rows[index]?.level ?? 0) < level) return index;
  }
  return current;
}

/**
 * Finds the next row whose label starts with the typed text, starting over at the end; the current row counts while a
 * word is being typed.
 */
export function findTyped(rows: readonly GridRow[], current: number, typed: string): number | undefined {
  const wanted = typed.toLowerCase();
  // Typing the same letter repeatedly cycles through all rows that begin with it.
  const letters = [...wanted];
  const isRepeat = letters.length > 1 && letters.every((letter) => letter === letters[0]);
  const prefix = isRepeat ? (letters[0] ?? "") : wanted;
  const start = isRepeat || letters.length === 1 ? current + 1 : current;
  for (let step = 0; step < rows.length; step++) {
    const index = (start + step) % rows.length;
    if (rows[index]?.label.toLowerCase().startsWith(prefix)) return index;
  }
  return undefined;
}

/** The folders on the level of the current row, up and down until a row of a lower level. */
export function siblingFolders(rows: readonly GridRow[], current: number): readonly string[] {
  const level = rows[current]?.level ?? 1;
  let [first, end] = [current, current];
  while (first > 0 && (rows[first - 1]?.level ?? 0) >= level) first--;
  while (end < rows.length && (rows[end]?.level ?? 0) >= level) end++;
  return rows.slice(first, end).flatMap((row) => (row.isFolder && row.level === level ? [row.path] : []));
}
