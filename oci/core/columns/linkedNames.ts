import { nodeAt, pathOfNode, sharedFile, shownRow, type Tree } from "./tree.ts";

/** A side of a comparison. */
export type Side = "before" | "after";

/** The names that share one file on each side of a comparison, independent of the order in which the tar wrote them. */
export interface NameGroups {
  /**
   * The path that a node is another name of: the first of the file's names that both sides have, else the first;
   * undefined if that is the node's own path.
   */
  linkOf(node: number, side: Side): string | undefined;
  /** The bytes attributed to a node: a file's size at its first name, 0 at the others and without an entry. */
  bytesOf(node: number, side: Side): number;
}

export function createLinkedNames(before: Tree, after: Tree): NameGroups {
  const names = { before: firstNames(before, after), after: firstNames(after, before) };
  const trees = { before, after };
  const firstName = (node: number, side: Side): { readonly path: string; readonly node: number } | undefined =>
    names[side].get(trees[side].shared[node] ?? 0);
  return {
    linkOf: (node, side) => {
      const first = firstName(node, side);
      return first === undefined || first.node === node ? undefined : first.path;
    },
    bytesOf: (node, side) => {
      const tree = trees[side];
      if (node === -1 || tree.row[node] === -1) return 0;
      const first = firstName(node, side);
      if (first !== undefined && first.node !== node) return 0;
      const { layer, row } = sharedFile(tree, node) ?? shownRow(tree, node);
      const sizes = tree.layers[layer]?.rows.sizes;
      return sizes ? (sizes[row] ?? 0) : 0;
    },
  };
}

interface Name {
  readonly path: string;
  readonly node: number;
}

/** The first name of each file that has several, by the file's number, in path order. */
function firstNames(tree: Tree, other: Tree): ReadonlyMap<number, Name> {
  const first = new Map<number, Name>();
  for (const [file, names] of sharedNames(tree)) {
    const sorted = names.sort((a, b) => comparePaths(a.path, b.path));
    const [one] = sorted;
    if (!one || sorted.length === 1) continue;
    first.set(file, sorted.find(({ path }) => hasEntryAt(other, path)) ?? one);
  }
  return first;
}

function sharedNames(tree: Tree): ReadonlyMap<number, Name[]> {
  const names = new Map<number, Name[]>();
  if (tree.files.length === 0) return names;
  for (let node = 0; node < tree.count; node++) {
    const file = tree.shared[node] ?? 0;
    if (file === -1 || tree.alive[node] !== 1) continue;
    const name = { path: pathOfNode(tree, node), node };
    const group = names.get(file);
    if (group) group.push(name);
    else names.set(file, [name]);
  }
  return names;
}

function hasEntryAt(tree: Tree, path: string): boolean {
  const node = nodeAt(tree, path);
  return node !== -1 && tree.row[node] !== -1;
}

/** Compares folder by folder, as a tree is walked: a slash sorts before every other character. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.replaceAll("/", "\0"), b.replaceAll("/", "\0")];
  return left < right ? -1 : left > right ? 1 : 0;
}
