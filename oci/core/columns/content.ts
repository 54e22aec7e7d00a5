import { contentBytes } from "../bytes.ts";
import {
  digestBytes,
  entryKinds,
  kindNumbers,
  rowFlags,
  type EntryDetails,
  type LayerContent,
  type LayerEntry,
  type TextColumns,
} from "../entry.ts";

/** Returns the entry of a row as a new object. */
export function entryAt(content: LayerContent, row: number): LayerEntry {
  const { rows, texts } = content;
  const link = rows.links[row] ?? 0;
  const digest = digestAt(content, row);
  return {
    path: pathAt(content, rows.paths[row] ?? 0),
    kind: kindAt(content, row),
    size: contentBytes(rows.sizes[row] ?? 0),
    mode: rows.modes[row] ?? 0,
    ...ownerAt(content, row),
    mtimeMs: rows.mtimes[row] ?? 0,
    ...(link === 0 ? undefined : { linkTarget: textAt(texts, link - 1) }),
    ...(hasDetails(content, row) ? detailsAt(content, row) : undefined),
    ...(digest === undefined ? undefined : { sha256: digest }),
  };
}

type Owner = Pick<LayerEntry, "uid" | "gid" | "userName" | "groupName">;

function ownerAt({ rows, owners, texts }: LayerContent, row: number): Owner {
  const owner = rows.owners[row] ?? 0;
  const [userName, groupName] = [owners.userNames[owner] ?? 0, owners.groupNames[owner] ?? 0];
  return {
    uid: owners.uids[owner] ?? 0,
    gid: owners.gids[owner] ?? 0,
    ...(userName === 0 ? undefined : { userName: textAt(texts, userName) }),
    ...(groupName === 0 ? undefined : { groupName: textAt(texts, groupName) }),
  };
}

/** Returns all entries as objects, in tar order. For large numbers of them, use the columns instead. */
export function entriesOf(content: LayerContent): readonly LayerEntry[] {
  return Array.from({ length: content.entryCount }, (_, row) => entryAt(content, row));
}

/** The files that a later entry of the same path replaced. */
export function overwrittenOf(content: LayerContent): readonly LayerEntry[] {
  return Array.from({ length: content.overwrittenCount }, (_, index) => entryAt(content, content.entryCount + index));
}

export function whiteoutsOf(content: LayerContent): readonly string[] {
  return Array.from(content.whiteouts, (path) => pathAt(content, path));
}

export function opaqueDirectoriesOf(content: LayerContent): readonly string[] {
  return Array.from(content.opaqueDirectories, (path) => pathAt(content, path));
}

/** The number of entries that are not directories. */
export function fileCount({ entryCount, rows }: LayerContent): number {
  return rows.kinds.subarray(0, entryCount).filter((kind) => kind !== kindNumbers.directory).length;
}

/** A path as in {@link LayerEntry.path}; empty for the root. */
export function pathAt({ paths, texts }: LayerContent, path: number): string {
  const parts: string[] = [];
  for (let open = path; open !== 0; open = paths.parents[open] ?? 0) parts.push(textAt(texts, paths.names[open] ?? 0));
  return parts.reverse().join("/");
}

export function textAt({ all, ends }: TextColumns, text: number): string {
  return text === 0 ? "" : all.slice(ends[text - 1] ?? 0, ends[text] ?? 0);
}

export function kindAt({ rows }: LayerContent, row: number): LayerEntry["kind"] {
  return entryKinds[rows.kinds[row] ?? 0] ?? "file";
}

/** The SHA-256 of a row's content in lower-case hex; undefined if unknown. */
export function digestAt({ rows }: LayerContent, row: number): string | undefined {
  if (((rows.flags[row] ?? 0) & rowFlags.hasDigest) === 0) return undefined;
  let hex = "";
  for (let index = row * digestBytes; index < (row + 1) * digestBytes; index++) hex += hexOf[rows.digests[index] ?? 0];
  return hex;
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** True if two rows have equal known attributes and content. */
export function isSameRow(a: LayerContent, rowA: number, b: LayerContent, rowB: number): boolean {
  if (a === b && rowA === rowB) return true;
  return (
    a.rows.kinds[rowA] === b.rows.kinds[rowB] &&
    a.rows.sizes[rowA] === b.rows.sizes[rowB] &&
    a.rows.modes[rowA] === b.rows.modes[rowB] &&
    a.rows.mtimes[rowA] === b.rows.mtimes[rowB] &&
    hasSameOwner(a, rowA, b, rowB) &&
    !hasDetails(a, rowA) &&
    !hasDetails(b, rowB) &&
    hasSameLink(a, rowA, b, rowB) &&
    (a.rows.kinds[rowA] !== kindNumbers.file || hasSameDigest(a, rowA, b, rowB))
  );
}

function hasSameOwner(a: LayerContent, rowA: number, b: LayerContent, rowB: number): boolean {
  const [ownerA, ownerB] = [a.rows.owners[rowA] ?? 0, b.rows.owners[rowB] ?? 0];
  return a.owners.uids[ownerA] === b.owners.uids[ownerB] && a.owners.gids[ownerA] === b.owners.gids[ownerB];
}

function hasSameLink(a: LayerContent, rowA: number, b: LayerContent, rowB: number): boolean {
  const [linkA, linkB] = [a.rows.links[rowA] ?? 0, b.rows.links[rowB] ?? 0];
  if (linkA === 0 || linkB === 0) return linkA === linkB;
  return textAt(a.texts, linkA - 1) === textAt(b.texts, linkB - 1);
}

function hasSameDigest(a: LayerContent, rowA: number, b: LayerContent, rowB: number): boolean {
  if (((a.rows.flags[rowA] ?? 0) & (b.rows.flags[rowB] ?? 0) & rowFlags.hasDigest) === 0) return false;
  for (let index = 0; index < digestBytes; index++)
    if (a.rows.digests[rowA * digestBytes + index] !== b.rows.digests[rowB * digestBytes + index]) return false;
  return true;
}

function hasDetails({ rows }: LayerContent, row: number): boolean {
  return ((rows.flags[row] ?? 0) & rowFlags.hasDetails) !== 0;
}

function detailsAt({ details, texts }: LayerContent, row: number): EntryDetails {
  let [low, high] = [0, details.rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((details.rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  // Written by the builder as JSON with only these properties.
  return JSON.parse(textAt(texts, details.texts[low] ?? 0)) as EntryDetails;
}
