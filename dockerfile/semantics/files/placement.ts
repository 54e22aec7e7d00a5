import type { Memo } from "../../facts/fact.ts";
import { contentBytes, joinPath, prefixOf, type ImageFile } from "./imageFile.ts";
import { utf8Length } from "../../context/utf8Length.ts";

/** One thing that an instruction puts into an image: a file, or a folder with what is in it. */
export interface Placement {
  /** Where the file, or the folder, comes to stand. */
  readonly at: string;
  readonly isFolder: boolean;
  /** Regular files. */
  readonly count: number;
  readonly bytes: number;
  /** Characters of the targets of its symlinks, which the classic builder counts. */
  readonly linkBytes: number;
  /** When the newest of its files was changed, as milliseconds since 1970; Infinity where that is not known. */
  newestMs(): number;
  /** Keeps what was worked out of its files as long as they stay as they are; absent if nothing is to be kept. */
  readonly remember?: Memo;
  /** What stands there, by its path below `at`: "" for itself. */
  files(): Iterable<readonly [below: string, file: ImageFile]>;
}

/** Where sources are put: a folder in which files keep their names, or one path. */
export interface Target {
  readonly at: string;
  readonly isFolder: boolean;
}

/** A placement of files that are listed already. */
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

/** What several placements come to: what is put on the same path takes the place of what was there. */
export function bytesPlaced(placements: readonly Placement[]): number {
  if (areApart(placements)) return placements.reduce((sum, { bytes }) => sum + bytes, 0);
  return contentBytes(placedFiles(placements).values());
}

/** Every path that is written, with what stands there in the end. */
export function placedFiles(placements: readonly Placement[]): Map<string, ImageFile> {
  const placed = new Map<string, ImageFile>();
  for (const { at, files } of placements) for (const [below, file] of files()) placed.set(joinPath(at, below), file);
  return placed;
}

/** Whether no path can be written twice. */
export function areApart(placements: readonly Placement[]): boolean {
  if (placements.length < 2) return true;
  const places = placements.map(({ at }) => at).sort();
  const folders = placements.filter(({ isFolder }) => isFolder).map(({ at }) => prefixOf(at));
  return (
    new Set(places).size === places.length &&
    folders.every((prefix) => !places.some((place) => place.startsWith(prefix)))
  );
}
