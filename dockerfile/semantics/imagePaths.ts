import { cleanPath } from "../syntax/cleanPath.ts";

/** A file or folder of the image, in its shortest form. */
export interface ImagePath {
  /**
   * "base": relative to the working folder of an unknown base image, which suffices to compare two paths of one stage.
   */
  readonly from: "root" | "base";
  /** Absolute, or relative without a leading slash; "" for the base image's working folder. */
  readonly path: string;
}

export const rootFolder: ImagePath = { from: "root", path: "/" };
export const unknownBaseFolder: ImagePath = { from: "base", path: "" };

/**
 * Resolves a path relative to a folder; undefined if the folder is unknown, if the path leaves an unknown folder, and
 * for Windows.
 */
export function resolveFrom(folder: ImagePath | undefined, path: string): ImagePath | undefined {
  if (/^[A-Za-z]:|\\/.test(path) || isTooLong(folder, path)) return undefined;
  if (path.startsWith("/")) return { from: "root", path: cleanPath(path) };
  if (folder === undefined || folder.from === "root")
    return folder && { from: "root", path: cleanPath(`${folder.path}/${path}`) };
  const cleaned = cleanPath(folder.path === "" ? path : `${folder.path}/${path}`);
  if (cleaned === "..") return undefined;
  return cleaned.startsWith("../") ? undefined : { from: "base", path: cleaned === "." ? "" : cleaned };
}

function isTooLong(folder: ImagePath | undefined, path: string): boolean {
  return path.length + (folder?.path.length ?? 0) > maxPathLength;
}

// Linux can't open longer paths.
const maxPathLength = 4096;

/** Like `resolveFrom`, if the result is absolute. */
export function absolutePath(path: string, folder: ImagePath | undefined): string | undefined {
  return absolute(resolveFrom(folder, path));
}

/** The path as text; undefined if it depends on an unknown base image. */
export function absolute(path: ImagePath | undefined): string | undefined {
  return path?.from === "root" ? path.path : undefined;
}

/** True if both are certainly the same file or folder. */
export function isSamePath(a: ImagePath | undefined, b: ImagePath | undefined): boolean {
  return a !== undefined && b !== undefined && a.from === b.from && a.path === b.path;
}

/** The path relative to a folder, "" for the folder itself; undefined if the path isn't in it. */
export function pathBelow(folder: ImagePath, path: ImagePath): string | undefined {
  if (folder.from !== path.from) return undefined;
  if (folder.path === path.path) return "";
  const prefix = folder.path === "/" || folder.path === "" ? folder.path : `${folder.path}/`;
  return path.path.startsWith(prefix) ? path.path.slice(prefix.length) : undefined;
}

/** The folder that contains a path; the path itself at the top. */
export function parentOf({ from, path }: ImagePath): ImagePath {
  const slash = path.lastIndexOf("/");
  return { from, path: slash > 0 ? path.slice(0, slash) : from === "root" ? "/" : "" };
}

/** True if an absolute path is a folder, or inside it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
