import { listed, type FolderNode } from "./tree.ts";

/** The reason why a folder, or one in it, may contain more than is listed. */
export function gapIn(folder: FolderNode): string | undefined {
  if (folder.gap !== undefined) return folder.gap;
  for (const [, node] of listed(folder)) {
    const gap = node.kind === "directory" ? gapIn(node) : undefined;
    if (gap !== undefined) return gap;
  }
  return undefined;
}
