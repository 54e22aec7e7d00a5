import type { ContentBytes } from "./bytes.ts";
import type { Result } from "./error.ts";

export type EntryKind = "file" | "directory" | "symlink" | "hardlink" | "character" | "block" | "fifo";

/**
 * One entry of a layer changeset. Its path is clean: no leading slash, no `./`, no trailing slash, never `..`.
 * @see image-spec layer.md
 */
export interface LayerEntry {
  readonly path: string;
  /** The path as written in the tar, if it has a `..` that was resolved within the root. */
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
  /** Values in base64, since they are binary. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Lower-case hex SHA-256 of a file's content, if the reader was asked to hash. */
  readonly sha256?: string;
}

/**
 * The content of a layer tar in columns: a number for each property of each entry, and one text for all names. It takes
 * about 100 bytes per entry and can be passed to a thread, or to disk, without parsing. `entriesOf` and `entryAt` of
 * `columns/content.ts` turn it into objects; `contentOf` of `columns/contentBuilder.ts` builds it from objects.
 */
export interface LayerContent {
  /**
   * The number of entries, in tar order; of those with the same path, only the last. The
   * {@link LayerContent.overwrittenCount} rows come after them.
   */
  readonly entryCount: number;
  /** Files that a later entry of the same path replaced: they ship but never show. */
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
}

/** Receives a file's content piece by piece. A piece is valid only during the call. */
export interface FileSink {
  write(chunk: Uint8Array): void;
  /** With a problem if what was written isn't the file, as a sentence's part: `its sparse map doesn't fit`. */
  end(problem?: string): void;
}

/**
 * Chooses the receiver of each file's content: undefined skips the file, an error stops the reading. Of several files
 * with one path the last counts.
 */
export type TakeFile = (file: LayerFile) => Result<FileSink | undefined>;

/** Every path that an entry or a marker names and every folder above it, parents first. Path 0 is the root. */
export interface PathColumns {
  readonly parents: Uint32Array;
  /** Texts: the last part of each path. */
  readonly names: Uint32Array;
}

/** A row for each entry. */
export interface EntryColumns {
  readonly paths: Uint32Array;
  /** Indexes in {@link entryKinds}. */
  readonly kinds: Uint8Array;
  readonly modes: Uint16Array;
  readonly owners: Uint32Array;
  readonly sizes: Float64Array;
  /** Milliseconds since 1970. */
  readonly mtimes: Float64Array;
  /** A text plus 1; 0 without a target. */
  readonly links: Uint32Array;
  /** The offset of a file's content in the uncompressed layer tar; -1 for everything else. */
  readonly offsets: Float64Array;
  /** Bits: see {@link rowFlags}. */
  readonly flags: Uint8Array;
  /** SHA-256 of the content, 32 bytes per row; valid only if the row's flag is set. */
  readonly digests: Uint8Array;
}

export const digestBytes = 32;

export const rowFlags = { hasDigest: 1, hasDetails: 2 } as const;

/** Distinct pairs of user and group. Names are texts, 0 if there is none. */
export interface OwnerColumns {
  readonly uids: Float64Array;
  readonly gids: Float64Array;
  readonly userNames: Uint32Array;
  readonly groupNames: Uint32Array;
}

/**
 * Rare attributes: devices, extended attributes, another path in the tar. JSON of those properties, by rows in
 * ascending order.
 */
export interface DetailColumns {
  readonly rows: Uint32Array;
  readonly texts: Uint32Array;
}

/** The attributes that few entries have. */
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

/** The indexes in {@link entryKinds} that code refers to. */
export const kindNumbers = { file: 0, directory: 1, hardlink: 3 } as const;
