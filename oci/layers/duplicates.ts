import { success, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { walkTree, type TreeNode } from "../core/layerTree.ts";
import { duplicates, type DuplicateGroup } from "../images/duplicates.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import type { FileSystems } from "./fileSystem.ts";

export interface DuplicatesRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** The maximum number of groups, keeping those that waste most, and of copies in each. */
  readonly maxGroups: number;
  readonly maxCopies: number;
}

export interface ImageDuplicates {
  readonly groups: readonly ListedGroup[];
  /** The number of all groups, listed or not. */
  readonly groupCount: number;
  readonly wastedBytes: number;
  /** The number of files with unknown content, which may be copies too. */
  readonly unknownCount: number;
  /** The number of layers that couldn't be read. */
  readonly unreadCount: number;
}

export interface ListedGroup extends DuplicateGroup {
  /** The number of all copies, listed or not. */
  readonly copyCount: number;
}

/** Finds files of an image's file system that ship the same content more than once. */
export async function duplicatesOfImage(
  {
    source,
    image,
    maxGroups,
    maxCopies,
    fileSystems,
  }: DuplicatesRequest<LayerReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<ImageDuplicates>> {
  const system = await fileSystems.read({ source, image }, onProgress, signal);
  if (!system.ok) return system;
  const { root, problems } = system.value;
  const groups = duplicates(root);
  return success({
    groups: groups
      .slice(0, maxGroups)
      .map((group) => ({ ...group, copies: group.copies.slice(0, maxCopies), copyCount: group.copies.length })),
    groupCount: groups.length,
    wastedBytes: groups.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0),
    unknownCount: unknownCount(root),
    unreadCount: problems.size,
  });
}

function unknownCount(root: TreeNode): number {
  let count = 0;
  for (const { entry } of walkTree(root)) if (entry?.kind === "file" && entry.size > 0 && !entry.sha256) count++;
  return count;
}
