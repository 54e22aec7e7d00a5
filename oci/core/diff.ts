import type { LayerEntry } from "./entry.ts";
import { createLinkedNames, type NameGroups, type TreeNode } from "./layerTree.ts";
import { ownEntry } from "./ownEntry.ts";

/** What differs first; a row of "metadata" has the same kind and content. */
export type ChangeKind = "added" | "removed" | "content" | "metadata" | "type" | "renamed";

/** Attributes that differ between `before` and `after`, all of them. */
export type ChangedAttribute =
  "content" | "size" | "mode" | "owner" | "mtime" | "linkTarget" | "device" | "xattrs" | "kind" | "path";

export interface DiffRow {
  readonly path: string;
  readonly change: ChangeKind;
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: LayerEntry;
  readonly after?: LayerEntry;
  /** Between changesets: the side on which a whiteout stands at the path. */
  readonly whiteout?: "before" | "after";
  /** Content bytes after, less content bytes before. */
  readonly deltaBytes: number;
}

export interface DiffSummary {
  /** Rows, directories among them. */
  readonly added: number;
  readonly removed: number;
  /** Every other row. */
  readonly changed: number;
  readonly addedBytes: number;
  readonly removedBytes: number;
  readonly deltaBytes: number;
}

/**
 * Compares two file systems (or two changesets) path by path: one row for each path that differs, sorted by path; a directory that is there
 * on one side only gives a row for everything below it. Directories that no entry names have no attributes, so they give no row.
 * Files that moved are found by their content, where hashes are known on both sides. Of hard links what each name shows is compared, and
 * which names are one file; not which of them carries the bytes in the tar.
 */
export function diff(before: TreeNode, after: TreeNode): readonly DiffRow[] {
  const groups = createLinkedNames(before, after);
  const rows: DiffRow[] = [];
  const open: (readonly [TreeNode | undefined, TreeNode | undefined])[] = [[before, after]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [old, current] = pair;
    if (old === current) continue;
    const row = compare(old, current, groups);
    if (row) rows.push(row);
    for (const name of new Set([...(old?.children.keys() ?? []), ...(current?.children.keys() ?? [])]))
      open.push([old?.children.get(name), current?.children.get(name)]);
  }
  return joinRenamed(rows.sort(byPath)).sort(byPath);
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

/** All attributes in which two entries differ. Owners are compared by number, as they are applied; content by hash, and as different where one is unknown. `linked` is what a hard link shows. */
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

export type ComparedEntry = Pick<TreeNode, "linked"> & { readonly entry: LayerEntry };

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

function compare(before: TreeNode | undefined, after: TreeNode | undefined, groups: NameGroups): DiffRow | undefined {
  if (hasEntry(before) && hasEntry(after)) return compareEntries(before, after, groups);
  const [old, current] = [sideOf(before), sideOf(after)];
  if (old === current || isImpliedOnly(old, after) || isImpliedOnly(current, before)) return undefined;
  const change = old === "nothing" ? "added" : current === "nothing" ? "removed" : "type";
  const attributes: readonly ChangedAttribute[] = change === "type" ? ["kind"] : [];
  const path = (after ?? before)?.path ?? "";
  return {
    path,
    change,
    attributes,
    ...entriesOf(before, after),
    ...whiteoutOf(old, current),
    deltaBytes: groups.bytesOf(after, "after") - groups.bytesOf(before, "before"),
  };
}

function entriesOf(before: TreeNode | undefined, after: TreeNode | undefined): Pick<DiffRow, "before" | "after"> {
  return { ...(before?.entry && { before: before.entry }), ...(after?.entry && { after: after.entry }) };
}

type Side = "entry" | "whiteout" | "implied" | "nothing";

/** What stands at a path; a whiteout with an entry is a replacement and shows as the entry. */
function sideOf(node: TreeNode | undefined): Side {
  if (!node) return "nothing";
  if (node.entry) return "entry";
  return node.marker === "whiteout" ? "whiteout" : "implied";
}

/** A directory that one side only implies is no difference where the other has nothing to show, or the directory. */
function isImpliedOnly(side: Side, other: TreeNode | undefined): boolean {
  return side === "implied" && (sideOf(other) === "nothing" || other?.entry?.kind === "directory");
}

function whiteoutOf(old: Side, current: Side): Pick<DiffRow, "whiteout"> {
  return old === "whiteout" ? { whiteout: "before" } : current === "whiteout" ? { whiteout: "after" } : {};
}

function hasEntry(node: TreeNode | undefined): node is TreeNode & { readonly entry: LayerEntry } {
  return node?.entry !== undefined;
}

function compareEntries(
  before: TreeNode & { readonly entry: LayerEntry },
  after: TreeNode & { readonly entry: LayerEntry },
  groups: NameGroups,
): DiffRow | undefined {
  // Most entries of two images with a common base are the very same value.
  const isSame = (before.linked ?? before.entry) === (after.linked ?? after.entry);
  const changed = isSame ? [] : changedAttributes(before, after);
  const isLinkedElsewhere = groups.linkOf(before, "before") !== groups.linkOf(after, "after");
  const attributes = isLinkedElsewhere ? withAttribute(changed, "linkTarget") : changed;
  if (attributes.length === 0) return undefined;
  const deltaBytes = groups.bytesOf(after, "after") - groups.bytesOf(before, "before");
  const sides = { before: before.entry, after: after.entry, deltaBytes };
  return { path: after.path, change: changeOf(before, after, attributes), attributes, ...sides };
}

function withAttribute(attributes: readonly ChangedAttribute[], added: ChangedAttribute): readonly ChangedAttribute[] {
  return attributeOrder.filter((attribute) => attribute === added || attributes.includes(attribute));
}

function changeOf(before: ComparedEntry, after: ComparedEntry, attributes: readonly ChangedAttribute[]): ChangeKind {
  // A hard link is another name of a file: a file that became one has changed its type only in the tar.
  if (shownKind(before) !== shownKind(after)) return "type";
  const isOtherTarget = after.entry.kind === "symlink" && attributes.includes("linkTarget");
  return attributes.includes("content") || isOtherTarget || attributes.includes("device") ? "content" : "metadata";
}

function shownKind({ entry, linked }: ComparedEntry): LayerEntry["kind"] {
  return linked?.kind ?? entry.kind;
}

/** Whether both are known to show the same bytes; anything but files has none. */
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

const minRenamedBytes = 32; // Shorter files are alike by chance.

/** Makes one row of a removed and an added file with the same content, those of the same name first. */
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

/** Removed rows by the key of what they had, the first to take at the end. */
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
