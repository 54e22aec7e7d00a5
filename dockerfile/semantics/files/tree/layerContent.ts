import { utf8Length } from "../../../context/utf8Length.ts";
import { listed, type FileNode, type FolderNode, type Layer, type Tree } from "./tree.ts";

/** The content of a layer, as counted by overlay2: several names of one file count once. */
export interface LayerContent {
  readonly bytes: number;
  /** The bytes by which files of uncertain size may be larger. */
  readonly mayHaveMore: number;
  readonly linkBytes: number;
  readonly fileCount: number;
  /** The reason why `bytes` is less than the size of the files. */
  readonly gap?: string;
}

/** The content so far of the layer being written. */
export function layerContent({ root, layer }: Tree): LayerContent {
  const sum: Sum = { layer, files: new Set(), linkBytes: 0, gap: undefined };
  add(sum, root);
  return {
    bytes: [...sum.files].reduce((bytes, file) => bytes + file.bytes, 0),
    mayHaveMore: [...sum.files].reduce((bytes, file) => bytes + (file.mayHaveMore ?? 0), 0),
    linkBytes: sum.linkBytes,
    fileCount: sum.files.size,
    ...(sum.gap !== undefined && { gap: sum.gap }),
  };
}

interface Sum {
  readonly layer: Layer;
  readonly files: Set<FileNode>;
  linkBytes: number;
  gap: string | undefined;
}

/** Adds a folder's content. The folders above a written file are copied into the layer as well. */
function add(sum: Sum, folder: FolderNode): void {
  if (folder.layer !== sum.layer || folder.isMount) return;
  for (const [, node] of listed(folder)) {
    if (node.kind === "directory") add(sum, node);
    else if (node.layer !== sum.layer) continue;
    else if (node.kind === "symlink") sum.linkBytes += utf8Length(node.target);
    else {
      sum.files.add(node);
      if (node.mayHaveMore === undefined) sum.gap ??= node.unknown;
    }
  }
}
