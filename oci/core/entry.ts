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

/** What one layer tar holds, in the tar's order; whiteouts apart from entries. */
export interface LayerContent {
  readonly entries: readonly LayerEntry[];
  /** Paths that this layer deletes from the layers below (`.wh.` markers). */
  readonly whiteouts: readonly string[];
  /** Directories whose lower content this layer hides (`.wh..wh..opq`). */
  readonly opaqueDirectories: readonly string[];
  /** Files that a later entry of the same path replaced: they are shipped and never seen. */
  readonly overwritten?: readonly LayerEntry[];
  /** Sum of the sizes of all files in the tar, hard links once. */
  readonly contentBytes: ContentBytes;
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
