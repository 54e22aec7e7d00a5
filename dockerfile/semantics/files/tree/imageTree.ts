import type { ImageFileFact, ImageFilesFact } from "../../../facts/fact.ts";
import { newFolder, type FileNode, type Layer, type Tree, type TreeNode } from "./tree.ts";

/** The file system of an image whose files are listed; created once per list. */
export function imageTree({ memo, files, texts }: ImageFilesFact): Tree {
  return memo("tree", () => {
    const layer = {};
    const root = newFolder(layer);
    const folders = new Map([["", root]]);
    const inodes = new Map<string, FileNode>();
    for (const file of files) {
      const node = nodeOf({ file, layer, inodes, texts });
      if (node.kind === "directory") folders.set(file.path, node);
      const slash = file.path.lastIndexOf("/");
      folders.get(file.path.slice(0, Math.max(0, slash)))?.entries.set(file.path.slice(slash + 1), node);
    }
    return { root, layer };
  });
}

interface Listed {
  readonly file: ImageFileFact;
  readonly layer: Layer;
  readonly inodes: Map<string, FileNode>;
  readonly texts: ReadonlyMap<string, string>;
}

function nodeOf({ file, layer, inodes, texts }: Listed): Exclude<TreeNode, { readonly kind: "absent" }> {
  if (file.kind === "directory") return newFolder(layer);
  if (file.kind === "symlink") return { kind: "symlink", target: file.linkTarget ?? "", layer };
  const known = file.inode === undefined ? undefined : inodes.get(file.inode);
  if (known) return known;
  const text = texts.get(`/${file.path}`);
  const node: FileNode = { kind: "file", bytes: file.bytes, layer, ...(text !== undefined && { text }) };
  if (file.inode !== undefined) inodes.set(file.inode, node);
  return node;
}
