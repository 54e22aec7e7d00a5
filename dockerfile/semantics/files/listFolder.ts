import { joinPath } from "./imageFile.ts";
import { lookUp } from "./tree/lookUp.ts";
import { listed, type Tree } from "./tree/tree.ts";

/** The known content of a folder of an image. */
export interface FolderListing {
  /** By name. */
  readonly entries: readonly FolderEntry[];
  /** False if there may be more than is listed. */
  readonly isComplete: boolean;
}

export interface FolderEntry {
  readonly name: string;
  /** Links are followed. */
  readonly kind: "file" | "directory";
  /** For a file whose size is known. */
  readonly bytes?: number;
}

/** Lists a folder, given by its absolute path. */
export function listFolder(tree: Tree, path: string): FolderListing {
  const found = lookUp(tree, path);
  if (found.state !== "found" || found.node.kind !== "directory")
    return { entries: [], isComplete: found.state !== "unknown" };
  const entries = [...listed(found.node)].flatMap(([name]) => entryAt(tree, found.path, name) ?? []);
  return {
    entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)),
    isComplete: found.node.gap === undefined,
  };
}

/** Undefined for a link that leads nowhere. */
function entryAt(tree: Tree, folder: string, name: string): FolderEntry | undefined {
  const found = lookUp(tree, joinPath(folder, name));
  if (found.state !== "found") return undefined;
  const { node } = found;
  if (node.kind === "directory") return { name, kind: "directory" };
  return { name, kind: "file", ...(node.kind === "file" && node.unknown === undefined && { bytes: node.bytes }) };
}
