// Whoever sees FactTable sees the rows that the kinds add to it; an import would be a cycle.
/// <reference path="./kinds/index.ts" preserve="true" />

/**
 * What may be known beside the text of a Dockerfile: for each kind the `key` that names one fact, and its `value`.
 * Each file of kinds/ adds its own row by declaration merging, so that a new kind touches no other file.
 */
export interface FactTable {}

/** The name of a kind of fact. */
export type FactKindName = keyof FactTable;

/** The key of one fact of a kind. */
export type FactKeyOf<Kind extends FactKindName> = { readonly kind: Kind } & FactTable[Kind]["key"];

/** The key of a fact of any kind. */
export type FactKey = { readonly [Kind in FactKindName]: FactKeyOf<Kind> }[FactKindName];

/** The value of a fact, by its kind. */
export type FactTypes = { readonly [Kind in FactKindName]: FactTable[Kind]["value"] };

/** What sizes count: "content" is bytes of files, as Docker's overlay2 store counts; "disk" is the blocks that they take, as its containerd store does. */
export type SizeUnit = "content" | "disk";

export interface BaseImageFact {
  /** The image as the engine counts it. */
  readonly bytes: number;
  /** What `bytes` counts; absent: "content". */
  readonly unit?: SizeUnit;
  /** The engine counts whole tars, headers and padding with the content. */
  readonly isUpperBound?: true;
  readonly id: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly workingDir: string;
  /** Of the image that the engine has, as in `linux/arm64`. */
  readonly platform?: string;
  /** DiffIDs, base first. */
  readonly layers?: readonly string[];
  /** The reference names one image, no index: no other platform is to be had under it. Absent where the engine doesn't tell. */
  readonly isSinglePlatform?: boolean;
}

/** An image as its registry has it; nothing of it is pulled. */
export interface RegistryImageFact {
  /** As in `docker.io`. */
  readonly registry: string;
  /** The platform's that was chosen, as in `linux/amd64`. */
  readonly platform: string;
  /** All layers as they are stored, usually compressed. */
  readonly downloadBytes: number;
  /** All layers' tars unpacked, headers and padding included; absent if the registry doesn't tell it of each. */
  readonly tarBytes?: number;
}

/** Everything that an image has. */
export interface ImageFilesFact {
  /** Lives as long as the list. */
  readonly memo: Memo;
  /** A folder before what is in it. */
  readonly files: readonly ImageFileFact[];
  /** Texts of some small files, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface ImageFileFact {
  /** Without a slash at its start. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** Of a file; 0 for the rest. */
  readonly bytes: number;
  /** Of a symlink, as written. */
  readonly linkTarget?: string;
  /** Equal for all names of one file. */
  readonly inode?: string;
}

export interface LocalImagesFact {
  /** The newest first; an image is listed once for each of its tags. */
  readonly images: readonly LocalImage[];
}

export interface LocalImage {
  /** In the short form that engines show: `debian:12`. */
  readonly reference: string;
  /** As the engine counts it; absent if it does not tell. */
  readonly bytes?: number;
}

/** Answers a question by what was worked out before, or makes the answer and keeps it. The name says what is asked. */
export type Memo = <T>(name: string, make: () => T) => T;

/** Files of the build context. Paths are relative with `/`. */
export interface ContextFilesFact {
  /** Lives as long as the list; without it everything is worked out again for each question. */
  readonly memo?: Memo;
  readonly root: string;
  /** The user says that this is the context: it is not only the likeliest folder. */
  readonly isRootNamed?: true;
  /** Which ignore file was applied, relative to root. */
  readonly ignoreFile?: string;
  /** Its text, so that the deciding line can be named. */
  readonly ignoreText?: string;
  /** Of the `.gitignore` at the root: what it names is made by some build, and may well be absent. */
  readonly gitignoreText?: string;
  /** Best with a folder's content right behind it and names in the order of their code units; in another order it costs a sort. */
  readonly files: readonly ContextFile[];
  /** A bound was reached: there are more files than listed. */
  readonly isTruncated: boolean;
}

export interface ContextFile {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** Of a file; 0 for the rest. */
  readonly bytes: number;
  /** When it was last changed or put there, as milliseconds since 1970. */
  readonly modifiedMs?: number;
  /** Left out of the context by the ignore file. An ignored directory's content is listed only where a `!` pattern may bring some of it back. */
  readonly isIgnored: boolean;
  /** Of a symlink, as written. */
  readonly linkTarget?: string;
  /** Set where several names share one file: equal for those that do. */
  readonly inode?: string;
  /** What kind of secret the file holds, as in "private key"; decided by its name and the first bytes of its content. */
  readonly secretKind?: string;
}

export interface LastBuildFact {
  /** Newest first. */
  readonly images: readonly BuiltImage[];
  /** What the engine's numbers count; absent: "content". */
  readonly unit?: SizeUnit;
}

/** An image with its history. */
export interface BuiltImage {
  /** Its tag, or the beginning of its ID. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdMs?: number;
  /** DiffIDs, base first. */
  readonly layers: readonly string[];
  /** Oldest first, those of the base image among them. */
  readonly steps: readonly BuiltStep[];
}

export interface BuiltStep {
  readonly createdBy: string;
  /** What the step added, as the engine counts it. */
  readonly bytes?: number;
  /** When it ran, as milliseconds since 1970; a step taken from the builder's cache ran before its image was made. */
  readonly createdMs?: number;
}

/** What ADD unpacks of some files of the build context: it goes by their content, not by their names. */
export interface ArchivesFact {
  readonly files: readonly UnpackedFile[];
}

export interface UnpackedFile {
  /** Relative to the context's root. */
  readonly path: string;
  /** What is in it, in its order; absent where it is no archive, which is copied as it is. */
  readonly members?: readonly ArchiveMember[];
  /** Why its content can't be told. */
  readonly problem?: string;
}

/** Devices and the like are left out. */
export interface ArchiveMember {
  /** Relative, without `.` and `..`. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "hardlink";
  readonly bytes: number;
  /** Of a symlink as written, of a hard link the path of the other name. */
  readonly linkTarget?: string;
}

export interface ContextRootFact {
  /** Absolute. */
  readonly root: string;
}

export interface ShellCheckFact {
  readonly findings: readonly ShellCheckFinding[];
}

/** Offsets are UTF-16 code units in the script. */
export interface ShellCheckFinding {
  /** 2086 of SC2086. */
  readonly code: number;
  readonly level: "error" | "warning" | "info" | "style";
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Together its fix; empty where it has none. */
  readonly replacements: readonly ShellCheckReplacement[];
}

export interface ShellCheckReplacement {
  readonly start: number;
  /** Equal to `start` for an insertion. */
  readonly end: number;
  readonly text: string;
  /** Where what is inserted belongs: behind what stands before, or in front of what follows. */
  readonly attachesTo: "previous" | "next";
}

export type LintConfigFileFact =
  | { readonly kind: "none" }
  /** `path` is absolute. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "unreadable"; readonly path: string; readonly reason: string };

export type FactState<T> =
  | { readonly state: "known"; readonly value: T }
  | { readonly state: "pending" }
  /** It was looked for and can't be had; `reason` is shown. */
  | { readonly state: "unavailable"; readonly reason: string };

/** A read-only view of facts. Reading never waits; a fact not yet there is "pending" and is fetched behind. */
export interface Facts {
  get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]>;
}
