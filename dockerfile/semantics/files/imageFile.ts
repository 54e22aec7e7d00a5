/** What is at a path of an image. */
export interface ImageFile {
  readonly kind: "file" | "directory" | "symlink";
  /** Of a file's content; 0 for the rest. */
  readonly bytes: number;
  /** Of a file, if its content is short and known. */
  readonly text?: string;
  /** The same object for all names of one file; absent where it has one name. */
  readonly inode?: object;
  /** Of a symlink, as written. */
  readonly linkTarget?: string;
}

/** Why something can't be told. */
export interface Unknown {
  readonly unknown: string;
}

export const folder: ImageFile = { kind: "directory", bytes: 0 };

/** The bytes that a layer of these files counts: several names of one file are one. */
export function contentBytes(files: Iterable<ImageFile>): number {
  const seen = new Set<object>();
  let bytes = 0;
  for (const file of files) {
    if (file.inode && seen.has(file.inode)) continue;
    if (file.inode) seen.add(file.inode);
    bytes += file.bytes;
  }
  return bytes;
}

/** A path below a folder; "" stands for the folder itself. */
export function joinPath(folderPath: string, below: string): string {
  if (below === "") return folderPath;
  return `${prefixOf(folderPath)}${below}`;
}

/** What the paths of all that is in a folder begin with. */
export function prefixOf(folderPath: string): string {
  return folderPath === "" || folderPath.endsWith("/") ? folderPath : `${folderPath}/`;
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
