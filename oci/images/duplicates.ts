import { walkTree, type TreeNode } from "../core/layerTree.ts";

/** Files with the same content, each of which ships it. */
export interface DuplicateGroup {
  readonly sha256: string;
  /** Of one file. */
  readonly size: number;
  readonly copies: readonly Copy[];
  /** What all but one ship. */
  readonly wastedBytes: number;
}

export interface Copy {
  readonly path: string;
  /** The layer that brought it, base is 0. */
  readonly layerIndex: number;
}

/**
 * Finds files of a file system with the same content, those that waste most first. Hard links share their content, and
 * empty files ship nothing.
 */
export function duplicates(root: TreeNode): readonly DuplicateGroup[] {
  const byContent = new Map<string, { readonly size: number; readonly copies: Copy[] }>();
  for (const { path, entry, layerIndex = 0 } of walkTree(root)) {
    if (entry?.kind !== "file" || entry.size === 0 || entry.sha256 === undefined) continue;
    const group = byContent.get(entry.sha256);
    if (group) group.copies.push({ path, layerIndex });
    else byContent.set(entry.sha256, { size: entry.size, copies: [{ path, layerIndex }] });
  }
  return [...byContent]
    .filter(([, { copies }]) => copies.length > 1)
    .map(([sha256, { size, copies }]) => ({ sha256, size, copies, wastedBytes: size * (copies.length - 1) }))
    .sort((a, b) => b.wastedBytes - a.wastedBytes || (a.sha256 < b.sha256 ? -1 : 1));
}
