import { childOf, childrenOf, type Tree } from "./tree.ts";
import { makeUint8 } from "./arrays.ts";
import type { Side } from "./linkedNames.ts";

export type Trees = Readonly<Record<Side, Tree>>;

/**
 * Calls back for the nodes of each path that either side has; -1 means that a side doesn't have it. Leaves out what
 * forked trees still have in common.
 */
export function forEachPair(
  trees: Trees,
  old: number,
  current: number,
  visit: (old: number, current: number) => void,
): void {
  const { before, after } = trees;
  const [toAfter, toBefore] = [translateNames(before, after), translateNames(after, before)];
  const changed = changedSinceStart(trees);
  const open = [old, current];
  for (;;) {
    const [right, left] = [open.pop(), open.pop()];
    if (left === undefined || right === undefined) return;
    if (left === right && (before === after || changed[left] === 0)) continue;
    visit(left, right);
    for (const child of childrenOf(before, left))
      open.push(child, partnerOf(after, right, toAfter(before.names[child] ?? 0)));
    for (const child of childrenOf(after, right))
      if (partnerOf(before, left, toBefore(after.names[child] ?? 0)) === -1) open.push(-1, child);
  }
}

/**
 * By node of the common start: 1 if the path, or one below it, may differ; empty without a common start. Names that
 * share a file count as changed, since another name of the file may be.
 */
function changedSinceStart(trees: Trees): Uint8Array {
  const { before, after } = trees;
  if (before.start === undefined || before.start !== after.start) return makeUint8(0);
  const { count, layerCount } = before.start;
  const changed = makeUint8(count);
  for (let node = 0; node < count; node++) if (isChanged(trees, node, layerCount)) changed[node] = 1;
  for (const { parents, count: end } of [before, after])
    for (let node = count; node < end; node++) {
      const parent = parents[node] ?? 0;
      if (parent < count) changed[parent] = 1;
    }
  for (let node = count - 1; node > 0; node--) if (changed[node] === 1) changed[before.parents[node] ?? 0] = 1;
  return changed;
}

function isChanged({ before, after }: Trees, node: number, layerCount: number): boolean {
  return (
    before.row[node] !== after.row[node] ||
    before.layer[node] !== after.layer[node] ||
    // From here on, the same index is another layer on each side.
    (before.layer[node] ?? 0) >= layerCount ||
    before.alive[node] !== after.alive[node] ||
    before.shared[node] !== -1 ||
    after.shared[node] !== -1
  );
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
