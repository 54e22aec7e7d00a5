import { kindNumbers } from "../entry.ts";
import { childrenOf, linkTarget, nodeAt, ownKind, type Tree } from "./tree.ts";

// Most links name files. A link to a later link needs another round, and the archive decides how many there are.
const maxLinkRounds = 40;

/**
 * Joins hard links with the file they name, in this layer or below. Links to links are resolved in rounds until nothing
 * changes.
 */
export function resolveLinks(tree: Tree, links: readonly number[]): void {
  // A later entry of the same layer may have replaced a link or a directory above it.
  let open = links.filter((node) => tree.alive[node] === 1 && ownKind(tree, node) === kindNumbers.hardlink);
  let before = -1;
  for (let round = 0; open.length !== before && round < maxLinkRounds; round++) {
    before = open.length;
    open = open.filter((node) => tree.shared[node] === -1 && !join(tree, node));
  }
}

/** Makes a link another name of its target; false if the target isn't a file yet. */
function join(tree: Tree, link: number): boolean {
  const target = nodeAt(tree, linkTarget(tree, link));
  if (target === -1) return false;
  if (tree.shared[target] === -1) {
    if (ownKind(tree, target) !== kindNumbers.file) return false;
    const file = { layer: tree.layer[target] ?? 0, row: tree.row[target] ?? 0, node: target, names: 1 };
    tree.shared[target] = tree.files.push(file) - 1;
  }
  const shared = tree.shared[target] ?? 0;
  const file = tree.files[shared];
  if (file) file.names++;
  tree.shared[link] = shared;
  return true;
}

/** Makes a hard link the file itself if the name that carried the file's bytes is gone. */
export function promoteLinks(tree: Tree): void {
  if (tree.files.length === 0) return;
  const carried = new Set<number>();
  const links: number[] = [];
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const shared = tree.shared[node] ?? 0;
    if (shared !== -1) {
      if (ownKind(tree, node) === kindNumbers.hardlink) links.push(node);
      else carried.add(shared);
    }
    // Pushed in this order so that names are visited in the order they were added.
    for (const child of childrenOf(tree, node)) open.push(child);
  }
  for (const node of links) {
    const shared = tree.shared[node] ?? 0;
    const file = tree.files[shared];
    if (!file || carried.has(shared)) continue;
    carried.add(shared);
    tree.promoted.set(node, { layer: file.layer, row: file.row });
    // The bytes that the other names show.
    file.node = node;
  }
}
