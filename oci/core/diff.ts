import { isSameRow } from "./columns/content.ts";
import { createLinkedNames, type NameGroups } from "./columns/linkedNames.ts";
import { forEachPair, type Trees } from "./columns/pairs.ts";
import { linkedEntry, markers, nodeEntry, pathOfNode, sharedFile, shownRow, type Tree } from "./columns/tree.ts";
import type { LayerEntry } from "./entry.ts";
import type { TreeNode } from "./layerTree.ts";
import { ownEntry } from "./ownEntry.ts";

/** The most significant difference; a row of "metadata" has the same kind and content. */
export type ChangeKind = "added" | "removed" | "content" | "metadata" | "type" | "renamed";

/** The attributes that differ between `before` and `after`. */
export type ChangedAttribute =
  "content" | "size" | "mode" | "owner" | "mtime" | "linkTarget" | "device" | "xattrs" | "kind" | "path";

export interface DiffRow {
  readonly path: string;
  readonly change: ChangeKind;
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: LayerEntry;
  readonly after?: LayerEntry;
  /** Between changesets: the side that has a whiteout at the path. */
  readonly whiteout?: "before" | "after";
  /** Content bytes after minus content bytes before. */
  readonly deltaBytes: number;
}

export interface DiffSummary {
  /** Numbers of rows, including directories. */
  readonly added: number;
  readonly removed: number;
  /** Every other row. */
  readonly changed: number;
  readonly addedBytes: number;
  readonly removedBytes: number;
  readonly deltaBytes: number;
}

/**
 * Compares two file systems (or two changesets) path by path. Returns one row for each path that differs, sorted by
 * path. A directory on one side only gives a row for everything below it. Directories without an entry have no
 * attributes, so they don't give a row. Moved files are found by content if hashes are known on both sides. Hard links
 * are compared by the content they show and by which names share a file, not by which of them carries the bytes in the
 * tar.
 */
export function diff(before: TreeNode, after: TreeNode): readonly DiffRow[] {
  const trees = { before: before.tree, after: after.tree };
  const comparing: Comparing = { ...trees, groups: createLinkedNames(trees.before, trees.after) };
  const rows: DiffRow[] = [];
  forEachPair(trees, before.node, after.node, (old, current) => {
    const row = compare(comparing, old, current);
    if (row) rows.push(row);
  });
  return joinRenamed(rows.sort(byPath)).sort(byPath);
}

interface Comparing extends Trees {
  readonly groups: NameGroups;
}

export function diffSummary(rows: readonly DiffRow[]): DiffSummary {
  const summary = { added: 0, removed: 0, changed: 0, addedBytes: 0, removedBytes: 0, deltaBytes: 0 };
  for (const { change, deltaBytes } of rows) {
    summary[change === "added" || change === "removed" ? change : "changed"]++;
    summary[deltaBytes > 0 ? "addedBytes" : "removedBytes"] += Math.abs(deltaBytes);
    summary.deltaBytes += deltaBytes;
  }
  return summary;
}

/**
 * Returns all attributes in which two entries differ. Owners are compared by number, as they are applied. Content is
 * compared by hash, and counts as different if a hash is unknown. `linked` is the file that a hard link shows.
 */
export function changedAttributes(before: ComparedEntry, after: ComparedEntry): readonly ChangedAttribute[] {
  const [a, b] = [before.entry, after.entry];
  const [shownA, shownB] = [before.linked ?? a, after.linked ?? b];
  const differs: Readonly<Record<ChangedAttribute, boolean>> = {
    path: false,
    kind: shownA.kind !== shownB.kind,
    content: !hasSameContent(shownA, shownB),
    size: shownA.size !== shownB.size,
    mode: shownA.mode !== shownB.mode,
    owner: shownA.uid !== shownB.uid || shownA.gid !== shownB.gid,
    mtime: shownA.mtimeMs !== shownB.mtimeMs,
    linkTarget: shownA.linkTarget !== shownB.linkTarget,
    device: a.deviceMajor !== b.deviceMajor || a.deviceMinor !== b.deviceMinor,
    xattrs: !hasSameXattrs(shownA, shownB),
  };
  return attributeOrder.filter((attribute) => differs[attribute]);
}

/** An entry, and the file it shows if it is a hard link. */
export interface ComparedEntry {
  readonly entry: LayerEntry;
  readonly linked?: LayerEntry | undefined;
}

const attributeOrder: readonly ChangedAttribute[] = [
  "kind",
  "content",
  "size",
  "mode",
  "owner",
  "mtime",
  "linkTarget",
  "device",
  "xattrs",
];

function compare(comparing: Comparing, old: number, current: number): DiffRow | undefined {
  const { before, after, groups } = comparing;
  if (hasEntry(before, old) && hasEntry(after, current)) return compareEntries(comparing, old, current);
  const [left, right] = [standingOf(before, old), standingOf(after, current)];
  if (left === right || isImpliedOnly(left, after, current) || isImpliedOnly(right, before, old)) return undefined;
  const change = left === "nothing" ? "added" : right === "nothing" ? "removed" : "type";
  const attributes: readonly ChangedAttribute[] = change === "type" ? ["kind"] : [];
  const sides = entriesOf(comparing, old, current);
  return {
    path: sides.after?.path ?? (current === -1 ? pathOfNode(before, old) : pathOfNode(after, current)),
    change,
    attributes,
    ...sides,
    ...whiteoutOf(left, right),
    deltaBytes: groups.bytesOf(current, "after") - groups.bytesOf(old, "before"),
  };
}

function entriesOf({ before, after }: Trees, old: number, current: number): Pick<DiffRow, "before" | "after"> {
  const [left, right] = [nodeEntry(before, old), nodeEntry(after, current)];
  return { ...(left && { before: left }), ...(right && { after: right }) };
}

type Standing = "entry" | "whiteout" | "implied" | "nothing";

/** The state of a path. A whiteout with an entry is a replacement and is treated as the entry. */
function standingOf(tree: Tree, node: number): Standing {
  if (node === -1) return "nothing";
  if (hasEntry(tree, node)) return "entry";
  return tree.marker[node] === markers.whiteout ? "whiteout" : "implied";
}

/**
 * True for a directory that one side only implies while the other has nothing to show, or the directory. That isn't a
 * difference.
 */
function isImpliedOnly(standing: Standing, other: Tree, node: number): boolean {
  if (standing !== "implied") return false;
  return standingOf(other, node) === "nothing" || nodeEntry(other, node)?.kind === "directory";
}

function whiteoutOf(old: Standing, current: Standing): Pick<DiffRow, "whiteout"> {
  return old === "whiteout" ? { whiteout: "before" } : current === "whiteout" ? { whiteout: "after" } : {};
}

function hasEntry({ row }: Tree, node: number): boolean {
  return node !== -1 && row[node] !== -1;
}

function compareEntries(comparing: Comparing, old: number, current: number): DiffRow | undefined {
  const { before, after, groups } = comparing;
  // Most entries of two images with a common base are identical, so no objects are created for them.
  const isLinkedElsewhere = groups.linkOf(old, "before") !== groups.linkOf(current, "after");
  const isSame = isSameShown(comparing, old, current);
  if (isSame && !isLinkedElsewhere) return undefined;
  const [left, right] = [comparedAt(before, old), comparedAt(after, current)];
  if (!left || !right) return undefined;
  const changed = isSame ? [] : changedAttributes(left, right);
  const attributes = isLinkedElsewhere ? withAttribute(changed, "linkTarget") : changed;
  if (attributes.length === 0) return undefined;
  const deltaBytes = groups.bytesOf(current, "after") - groups.bytesOf(old, "before");
  const sides = { before: left.entry, after: right.entry, deltaBytes };
  return { path: right.entry.path, change: changeOf(left, right, attributes), attributes, ...sides };
}

/**
 * True if both nodes show rows known to be equal. A device belongs to the entry itself and not to its link target, so
 * links are compared individually.
 */
function isSameShown({ before, after }: Trees, old: number, current: number): boolean {
  const [left, right] = [shownFile(before, old), shownFile(after, current)];
  const [a, b] = [before.layers[left.layer], after.layers[right.layer]];
  return a !== undefined && b !== undefined && isSameRow(a, left.row, b, right.row);
}

function shownFile(tree: Tree, node: number): { readonly layer: number; readonly row: number } {
  return sharedFile(tree, node) ?? shownRow(tree, node);
}

function comparedAt(tree: Tree, node: number): ComparedEntry | undefined {
  const entry = nodeEntry(tree, node);
  return entry && { entry, linked: linkedEntry(tree, node) };
}

function withAttribute(attributes: readonly ChangedAttribute[], added: ChangedAttribute): readonly ChangedAttribute[] {
  return attributeOrder.filter((attribute) => attribute === added || attributes.includes(attribute));
}

function changeOf(before: ComparedEntry, after: ComparedEntry, attributes: readonly ChangedAttribute[]): ChangeKind {
  // A hard link is another name of a file. A file that became one has changed its type only in the tar.
  if (shownKind(before) !== shownKind(after)) return "type";
  const isOtherTarget = after.entry.kind === "symlink" && attributes.includes("linkTarget");
  return attributes.includes("content") || isOtherTarget || attributes.includes("device") ? "content" : "metadata";
}

function shownKind({ entry, linked }: ComparedEntry): LayerEntry["kind"] {
  return linked?.kind ?? entry.kind;
}

/** True if both are known to show the same bytes. Only files have any. */
function hasSameContent(a: LayerEntry, b: LayerEntry): boolean {
  if (a === b) return true;
  if (a.kind !== "file" || b.kind !== "file") return a.kind !== "file" && b.kind !== "file";
  return a.size === b.size && a.sha256 !== undefined && a.sha256 === b.sha256;
}

function hasSameXattrs({ xattrs: a = {} }: LayerEntry, { xattrs: b = {} }: LayerEntry): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => ownEntry(a, name) === ownEntry(b, name));
}

function byPath(a: DiffRow, b: DiffRow): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

const minRenamedBytes = 32; // Shorter files may be equal by chance.

/** Joins a removed and an added file with the same content into one row, preferring the same name. */
function joinRenamed(rows: readonly DiffRow[]): DiffRow[] {
  const moves = new Map<DiffRow, DiffRow>();
  const gone = new Set<DiffRow>();
  for (const keyOf of [nameAndContent, contentKey]) {
    const removed = groupByKey(
      rows.filter((row) => row.change === "removed" && !gone.has(row)),
      keyOf,
    );
    const added = rows.filter((row) => row.change === "added" && !moves.has(row));
    for (const row of removed.size === 0 ? [] : added) {
      if (!row.after) continue;
      const partner = removed.get(keyOf(row.after) ?? "")?.pop();
      if (!partner?.before) continue;
      gone.add(partner);
      moves.set(row, { ...rename(partner.before, row.after), deltaBytes: partner.deltaBytes + row.deltaBytes });
    }
  }
  return rows.filter((row) => !gone.has(row)).map((row) => moves.get(row) ?? row);
}

/** Removed rows grouped by content key, the first to use at the end. */
function groupByKey(
  rows: readonly DiffRow[],
  keyOf: (entry: LayerEntry | undefined) => string | undefined,
): Map<string, DiffRow[]> {
  const groups = new Map<string, DiffRow[]>();
  for (const row of [...rows].reverse()) {
    const key = keyOf(row.before);
    const group = key === undefined ? undefined : groups.get(key);
    if (group) group.push(row);
    else if (key !== undefined) groups.set(key, [row]);
  }
  return groups;
}

function rename(before: LayerEntry, after: LayerEntry): Omit<DiffRow, "deltaBytes"> {
  const others = changedAttributes({ entry: before }, { entry: after });
  return {
    path: after.path,
    change: "renamed",
    attributes: ["path", ...others],
    before,
    after,
  };
}

function contentKey(entry: LayerEntry | undefined): string | undefined {
  return entry?.kind === "file" && entry.size >= minRenamedBytes && entry.sha256 !== undefined
    ? `${entry.sha256} ${entry.size}`
    : undefined;
}

function nameAndContent(entry: LayerEntry | undefined): string | undefined {
  const key = contentKey(entry);
  return key === undefined || !entry ? undefined : `${key} ${entry.path.slice(entry.path.lastIndexOf("/") + 1)}`;
}
