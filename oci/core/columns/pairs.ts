import { childOf, childrenOf, type Tree } from "./tree.ts";
import type { Side } from "./linkedNames.ts";

export type Trees = Readonly<Record<Side, Tree>>;

/** Calls back for the nodes of each path that either side has; -1 means that a side doesn't have it. */
export function forEachPair(
  trees: Trees,
  old: number,
  current: number,
  visit: (old: number, current: number) => void,
): void {
  const { before, after } = trees;
  const [toAfter, toBefore] = [translateNames(before, after), translateNames(after, before)];
  const open = [old, current];
  for (;;) {
    const [right, left] = [open.pop(), open.pop()];
    if (left === undefined || right === undefined) return;
    if (before === after && left === right) continue;
    visit(left, right);
    for (const child of childrenOf(before, left))
      open.push(child, partnerOf(after, right, toAfter(before.names[child] ?? 0)));
    for (const child of childrenOf(after, right))
      if (partnerOf(before, left, toBefore(after.names[child] ?? 0)) === -1) open.push(-1, child);
  }
}

function partnerOf(tree: Tree, parent: number, name: number): number {
  return parent === -1 || name === -1 ? -1 : childOf(tree, parent, name);
}

/** Returns a function that finds the number of one tree's name in another; -1 if the other has no such name. */
function translateNames({ table }: Tree, { table: other }: Tree): (name: number) => number {
  if (table === other) return (name) => name;
  const numbers = Int32Array.from({ length: table.count() }, (_, name) => other.find(table.nameOf(name)));
  return (name) => numbers[name] ?? -1;
}
