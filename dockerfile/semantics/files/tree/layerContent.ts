import { utf8Length } from "../../../context/utf8Length.ts";
import { listed, type FileNode, type FolderNode, type Layer, type Tree } from "./tree.ts";

/** What a layer holds, as overlay2 counts it: several names of one file are one. */
export interface LayerContent {
  readonly bytes: number;
  readonly linkBytes: number;
  readonly fileCount: number;
  /** Why `bytes` is less than the files hold. */
  readonly gap?: string;
}

/** What the layer that is being written holds so far. */
export function layerContent({ root, layer }: Tree): LayerContent {
  const sum: Sum = { layer, files: new Set(), linkBytes: 0, gap: undefined };
  add(sum, root);
  return {
    bytes: [...sum.files].reduce((bytes, file) => bytes + file.bytes, 0),
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

/** Whatever was written, the folders above it are copied into the layer as well. */
function add(sum: Sum, folder: FolderNode): void {
  if (folder.layer !== sum.layer || folder.isMount) return;
  for (const [, node] of listed(folder)) {
    if (node.kind === "directory") add(sum, node);
    else if (node.layer !== sum.layer) continue;
    else if (node.kind === "symlink") sum.linkBytes += utf8Length(node.target);
    else {
      sum.files.add(node);
      sum.gap ??= node.unknown;
    }
  }
}
