/** The entry at a path of an image. */
export interface ImageFile {
  readonly kind: "file" | "directory" | "symlink";
  /** The size of a file's content; 0 for anything else. */
  readonly bytes: number;
  /** The text of a file, if its content is short and known. */
  readonly text?: string;
  /** The same object for all names of one file; absent if it has one name. */
  readonly inode?: object;
  /** For a symlink, as written. */
  readonly linkTarget?: string;
  readonly origin?: ContentOrigin;
}

/** The origin of a file's content, if it is a whole file of the build context or of a URL. */
export type ContentOrigin = { readonly contextPath: string } | { readonly url: string };

/** The reason why something is unknown. */
export interface Unknown {
  readonly unknown: string;
}

export const folder: ImageFile = { kind: "directory", bytes: 0 };

/** The bytes that a layer counts for these files: several names of one file count once. */
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

/** A path below a folder; "" means the folder itself. */
export function joinPath(folderPath: string, below: string): string {
  if (below === "") return folderPath;
  return `${prefixOf(folderPath)}${below}`;
}

/** The prefix of all paths inside a folder. */
export function prefixOf(folderPath: string): string {
  return folderPath === "" || folderPath.endsWith("/") ? folderPath : `${folderPath}/`;
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
