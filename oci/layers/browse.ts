import type { EntryKind } from "../core/entry.ts";
import { success, type Result } from "../core/error.ts";
import type { TreeNode } from "../core/layerTree.ts";
import { pathHistory, type PathVersion } from "../images/pathHistory.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import { nodeAt, type FileSystemRequest, type FileSystems } from "./fileSystem.ts";

export interface PathRequest<Source> extends FileSystemRequest<Source> {
  /** Symlinks are followed inside the image. */
  readonly path: string;
}

/** A file or folder of a file system, as returned by `stat` and `readdir`. */
export interface BrowsedNode {
  /** The path with all links resolved. */
  readonly path: string;
  /** The kind after following hard and symbolic links. */
  readonly kind: EntryKind;
  readonly size: number;
  readonly mtimeMs: number;
  /** The children of a folder, sorted by name. */
  readonly children: readonly BrowsedChild[];
}

export interface BrowsedChild {
  readonly name: string;
  /** The kind of the link's target; "symlink" only if that isn't in the image. */
  readonly kind: EntryKind;
  readonly isSymlink: boolean;
}

export type Reading<Request> = Request & { readonly fileSystems: FileSystems };

/** Looks up a path of a file system. */
export async function browse(
  { fileSystems, ...request }: Reading<PathRequest<LayerReader>>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<BrowsedNode>> {
  const system = await fileSystems.read(request, onProgress, signal);
  if (!system.ok) return system;
  const { root } = system.value;
  const found = nodeAt(root, request.path);
  if (!found.ok) return found;
  const node = found.value;
  const shown = node.linked ?? node.entry;
  return success({
    path: node.path,
    kind: shown?.kind ?? "directory",
    size: shown?.size ?? 0,
    mtimeMs: shown?.mtimeMs ?? 0,
    children: [...node.children.values()].map((child) => browsedChild(root, child)),
  });
}

function browsedChild(root: TreeNode, child: TreeNode): BrowsedChild {
  const isSymlink = child.entry?.kind === "symlink";
  const target = isSymlink ? nodeAt(root, child.path) : success(child);
  const node = target.ok ? target.value : child;
  return { name: child.name, kind: (node.linked ?? node.entry)?.kind ?? "directory", isSymlink };
}

/** Finds every layer that changed a path. */
export async function historyOfPath(
  { fileSystems, ...request }: Reading<PathRequest<LayerReader>>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<readonly PathVersion[]>> {
  const system = await fileSystems.read(request, onProgress, signal);
  return system.ok ? success(pathHistory(system.value.contents, request.path)) : system;
}
