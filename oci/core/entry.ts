import type { ContentBytes } from "./bytes.ts";
import type { Result } from "./error.ts";

export type EntryKind = "file" | "directory" | "symlink" | "hardlink" | "character" | "block" | "fifo";

/** One entry of a layer changeset, path cleaned: no leading slash, no `./`, no trailing slash, never `..`. @see image-spec layer.md */
export interface LayerEntry {
  readonly path: string;
  /** The path as it stands in the tar, where `..` in it was resolved within the root. */
  readonly writtenPath?: string;
  readonly kind: EntryKind;
  /** 0 for everything but files; a hard link's content counts at its target. */
  readonly size: ContentBytes;
  /** The 12 permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly userName?: string;
  readonly groupName?: string;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** A symlink's target as written; a hard link's path, cleaned. */
  readonly linkTarget?: string;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
  /** Values base64, since they are binary. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Lower-case hex SHA-256 of a file's content, where the reader was asked to hash. */
  readonly sha256?: string;
}

/**
 * What one layer tar holds, in columns: a number for each property of each entry, and one text for all names. It takes about 100 bytes an
 * entry and moves between threads, and to disk, without being parsed. `entriesOf` and `entryAt` of `columns/content.ts` make objects of
 * it, `contentOf` of `columns/contentBuilder.ts` makes it of objects.
 */
export interface LayerContent {
  /** Entries, in the tar's order; of those with the same path the last. Rows behind them are {@link LayerContent.overwrittenCount}. */
  readonly entryCount: number;
  /** Files that a later entry of the same path replaced: they are shipped and never seen. */
  readonly overwrittenCount: number;
  /** Sum of the sizes of all files in the tar, hard links once. */
  readonly contentBytes: ContentBytes;
  readonly paths: PathColumns;
  readonly rows: EntryColumns;
  readonly owners: OwnerColumns;
  readonly details: DetailColumns;
  readonly texts: TextColumns;
  /** Paths that this layer deletes from the layers below (`.wh.` markers). */
  readonly whiteouts: Uint32Array;
  /** Paths of directories whose lower content this layer hides (`.wh..wh..opq`). */
  readonly opaqueDirectories: Uint32Array;
}

/** A file as a layer announces it. */
export interface LayerFile {
  /** As in {@link LayerEntry.path}. */
  readonly path: string;
  readonly size: number;
  /** Its content is stored without its holes. */
  readonly isSparse: boolean;
}

/** Takes a file's content, piece by piece; a piece is valid during the call only. */
export interface FileSink {
  write(chunk: Uint8Array): void;
  end(): void;
}

/** Decides for each file of a layer what takes its content: undefined passes over it, an error ends the reading. Of several files with one path the last counts. */
export type TakeFile = (file: LayerFile) => Result<FileSink | undefined>;

/** Every path that an entry or a marker names and every folder above, parents first. Path 0 is the root. */
export interface PathColumns {
  readonly parents: Uint32Array;
  /** Texts: the last part of each path. */
  readonly names: Uint32Array;
}

/** A row for each entry. */
export interface EntryColumns {
  readonly paths: Uint32Array;
  /** Places in {@link entryKinds}. */
  readonly kinds: Uint8Array;
  readonly modes: Uint16Array;
  readonly owners: Uint32Array;
  readonly sizes: Float64Array;
  /** Milliseconds since 1970. */
  readonly mtimes: Float64Array;
  /** A text plus 1; 0 where there is no target. */
  readonly links: Uint32Array;
  /** Where a file's content begins in the uncompressed layer tar; -1 for everything else. */
  readonly offsets: Float64Array;
  /** Bits: see {@link rowFlags}. */
  readonly flags: Uint8Array;
  /** SHA-256 of the content, 32 bytes a row; meaningful where the flag says so. */
  readonly digests: Uint8Array;
}

export const digestBytes = 32;

export const rowFlags = { hasDigest: 1, hasDetails: 2 } as const;

/** Users and groups, each pair once. Names are texts, 0 where there is none. */
export interface OwnerColumns {
  readonly uids: Float64Array;
  readonly gids: Float64Array;
  readonly userNames: Uint32Array;
  readonly groupNames: Uint32Array;
}

/** What few entries have: devices, extended attributes, another path in the tar. JSON of those properties, by rows in ascending order. */
export interface DetailColumns {
  readonly rows: Uint32Array;
  readonly texts: Uint32Array;
}

/** What few entries have. */
export type EntryDetails = Pick<LayerEntry, "writtenPath" | "deviceMajor" | "deviceMinor" | "xattrs">;

/** Texts laid end to end; text 0 is empty. */
export interface TextColumns {
  readonly all: string;
  readonly ends: Uint32Array;
}

export const entryKinds: readonly EntryKind[] = [
  "file",
  "directory",
  "symlink",
  "hardlink",
  "character",
  "block",
  "fifo",
];

/** Places in {@link entryKinds} that code asks for. */
export const kindNumbers = { file: 0, directory: 1, hardlink: 3 } as const;
