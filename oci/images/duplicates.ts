import { walkTree, type TreeNode } from "../core/layerTree.ts";

/** Files with the same content, each shipped separately. */
export interface DuplicateGroup {
  readonly sha256: string;
  /** The size of one file. */
  readonly size: number;
  readonly copies: readonly Copy[];
  /** The bytes that all but one ship. */
  readonly wastedBytes: number;
}

export interface Copy {
  readonly path: string;
  /** The layer that added it; base is 0. */
  readonly layerIndex: number;
}

/**
 * Finds files of a file system with the same content, the groups that waste most first. Hard links share their content,
 * and empty files ship nothing.
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
