import type { LayerEntry } from "./entry.ts";

/** What differs first; a row of "metadata" has the same kind and content. */
export type ChangeKind = "added" | "removed" | "content" | "metadata" | "type" | "renamed";

/** Attributes that differ between `before` and `after`, all of them. */
export type ChangedAttribute = "content" | "size" | "mode" | "owner" | "mtime" | "linkTarget" | "device" | "xattrs" | "kind" | "path";

export interface DiffRow {
  readonly path: string;
  readonly change: ChangeKind;
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: LayerEntry;
  readonly after?: LayerEntry;
  /** Content bytes after, less content bytes before. */
  readonly deltaBytes: number;
}

export interface DiffSummary {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly addedBytes: number;
  readonly removedBytes: number;
  readonly deltaBytes: number;
}
