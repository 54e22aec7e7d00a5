import type { Memo } from "../../facts/fact.ts";
import { contentBytes, joinPath, prefixOf, type ImageFile } from "./imageFile.ts";
import { utf8Length } from "../../context/utf8Length.ts";

/** One item that an instruction puts into an image: a file, or a folder with its content. */
export interface Placement {
  /** The path of the file or folder in the image. */
  readonly at: string;
  readonly isFolder: boolean;
  /** Regular files. */
  readonly count: number;
  readonly bytes: number;
  /** Characters of the targets of its symlinks, which the classic builder counts. */
  readonly linkBytes: number;
  /** The time of the last change to the newest of its files, in milliseconds since 1970; Infinity if unknown. */
  newestMs(): number;
  /** Keeps results about its files as long as they don't change; absent if nothing should be kept. */
  readonly remember?: Memo;
  /** The entries, by their path below `at`: "" for the item itself. */
  files(): Iterable<readonly [below: string, file: ImageFile]>;
}

/** The target of sources: a folder in which files keep their names, or one path. */
export interface Target {
  readonly at: string;
  readonly isFolder: boolean;
}

/** A placement of files that are already listed. */
export function placementOf(
  at: string,
  isFolder: boolean,
  files: readonly (readonly [below: string, file: ImageFile])[],
  newestMs = Infinity,
): Placement {
  const found = files.map(([, file]) => file);
  return {
    at,
    isFolder,
    count: found.filter(({ kind }) => kind === "file").length,
    bytes: contentBytes(found),
    linkBytes: found.reduce((sum, { linkTarget = "" }) => sum + utf8Length(linkTarget), 0),
    newestMs: () => newestMs,
    files: () => files,
  };
}

/** The total size of several placements: a later file replaces an earlier one on the same path. */
export function bytesPlaced(placements: readonly Placement[]): number {
  if (areApart(placements)) return placements.reduce((sum, { bytes }) => sum + bytes, 0);
  return contentBytes(placedFiles(placements).values());
}

/** Every path that is written, with the final file there. */
export function placedFiles(placements: readonly Placement[]): Map<string, ImageFile> {
  const placed = new Map<string, ImageFile>();
  for (const { at, files } of placements) for (const [below, file] of files()) placed.set(joinPath(at, below), file);
  return placed;
}

/** True if no path can be written twice. */
export function areApart(placements: readonly Placement[]): boolean {
  if (placements.length < 2) return true;
  const places = placements.map(({ at }) => at).sort();
  const folders = placements.filter(({ isFolder }) => isFolder).map(({ at }) => prefixOf(at));
  return (
    new Set(places).size === places.length &&
    folders.every((prefix) => !places.some((place) => place.startsWith(prefix)))
  );
}
