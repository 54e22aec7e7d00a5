// Whoever sees FactTable sees the rows that the kinds add to it; an import would be a cycle.
/// <reference path="./kinds/index.ts" preserve="true" />

/**
 * Everything that may be known beyond the text of a Dockerfile: for each kind, the `key` that identifies one fact, and
 * its `value`. Each file of kinds/ adds its own row by declaration merging; a new kind therefore needs no change in
 * other files.
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

/**
 * The meaning of sizes: "content" is the bytes of files, as counted by Docker's overlay2 store; "disk" is the blocks
 * that they occupy, as counted by its containerd store.
 */
export type SizeUnit = "content" | "disk";

export interface BaseImageFact {
  /** The size of the image according to the engine. */
  readonly bytes: number;
  /** The unit of `bytes`; defaults to "content". */
  readonly unit?: SizeUnit;
  /** True if the engine counts whole tars, including headers and padding. */
  readonly isUpperBound?: true;
  readonly id: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly workingDir: string;
  /** The platform of the engine's image, as in `linux/arm64`. */
  readonly platform?: string;
  /** DiffIDs, base first. */
  readonly layers?: readonly string[];
  /**
   * True if the reference names one image instead of an index, which means that no other platform is available under
   * it. Absent if the engine doesn't report it.
   */
  readonly isSinglePlatform?: boolean;
}

/** An image as described by its registry, without pulling it. */
export interface RegistryImageFact {
  /** As in `docker.io`. */
  readonly registry: string;
  /** The chosen platform, as in `linux/amd64`. */
  readonly platform: string;
  /** The stored size of all layers, usually compressed. */
  readonly downloadBytes: number;
  /**
   * The unpacked tars of all layers, headers and padding included; absent unless the registry reports it for every
   * layer.
   */
  readonly tarBytes?: number;
  readonly env: readonly string[];
  readonly workingDir: string;
}

/** All files of an image. */
export interface ImageFilesFact {
  /** Lives as long as the list. */
  readonly memo: Memo;
  /** A folder precedes its content. */
  readonly files: readonly ImageFileFact[];
  /** Texts of some small files, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface ImageFileFact {
  /** Without a leading slash. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** For a file; 0 for anything else. */
  readonly bytes: number;
  /** For a symlink, as written. */
  readonly linkTarget?: string;
  /** Equal for all names of the same file. */
  readonly inode?: string;
}

export interface LocalImagesFact {
  /** Newest first; an image is listed once per tag. */
  readonly images: readonly LocalImage[];
}

export interface LocalImage {
  /** In the short form that engines show: `debian:12`. */
  readonly reference: string;
  /** As counted by the engine; absent if it doesn't report a size. */
  readonly bytes?: number;
}

/** Returns a result computed before, or computes and keeps it. The name identifies the question. */
export type Memo = <T>(name: string, make: () => T) => T;

/** Files of the build context. Paths are relative with `/`. */
export interface ContextFilesFact {
  /** Lives as long as the list; without it everything is recomputed for each question. */
  readonly memo?: Memo;
  readonly root: string;
  /** True if the user specified this context, rather than it being the likeliest folder. */
  readonly isRootNamed?: true;
  /** The applied ignore file, relative to root. */
  readonly ignoreFile?: string;
  /** Its text, for naming the deciding line. */
  readonly ignoreText?: string;
  /** The text of the `.gitignore` at the root: paths that it names may be outputs of a build, and may be missing. */
  readonly gitignoreText?: string;
  /**
   * Preferably with each folder followed by its content, and names in the order of their code units; any other order
   * costs a sort.
   */
  readonly files: readonly ContextFile[];
  /** True if a limit was reached: there are more files than listed. */
  readonly isTruncated: boolean;
  /** Folders whose content isn't listed because they can't be read; a build that needs one of them fails. */
  readonly unreadFolders?: readonly UnreadFolder[];
}

export interface UnreadFolder {
  /** Relative to the root; empty for the root itself. */
  readonly path: string;
  /** Such as "permission denied". */
  readonly reason: string;
}

export interface ContextFile {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** For a file; 0 for anything else. */
  readonly bytes: number;
  /** The time of the last change or creation, in milliseconds since 1970. */
  readonly modifiedMs?: number;
  /**
   * True if the ignore file excludes it from the context. An ignored directory's content is listed only if a `!`
   * pattern may re-include some of it.
   */
  readonly isIgnored: boolean;
  /** For a symlink, as written. */
  readonly linkTarget?: string;
  /** Set if several names share one file: equal for those that do. */
  readonly inode?: string;
  /** The kind of secret in the file, as in "private key"; determined by its name and the first bytes of its content. */
  readonly secretKind?: string;
}

export interface LastBuildFact {
  /** Newest first. */
  readonly images: readonly BuiltImage[];
  /** The unit of the engine's numbers; defaults to "content". */
  readonly unit?: SizeUnit;
}

/** An image with its history. */
export interface BuiltImage {
  /** Its tag, or the start of its ID. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdMs?: number;
  /** DiffIDs, base first. */
  readonly layers: readonly string[];
  /** Oldest first, including those of the base image. */
  readonly steps: readonly BuiltStep[];
}

export interface BuiltStep {
  readonly createdBy: string;
  /** The size that the step added, as counted by the engine. */
  readonly bytes?: number;
  /** The index of the layer that it made; absent if it made none. */
  readonly layerIndex?: number;
  /** The time it ran, in milliseconds since 1970; a step from the builder's cache ran before its image was created. */
  readonly createdMs?: number;
}

/** The archives among some files of the build context. It goes by their content, not their names. */
export interface ArchivesFact {
  readonly files: readonly UnpackedFile[];
}

export interface UnpackedFile {
  /** Relative to the context's root. */
  readonly path: string;
  /** The files that ADD unpacks from it, in order; absent if it isn't a tar, and is copied as it is. */
  readonly members?: readonly ArchiveMember[];
  /** Set if it is a ZIP archive, which ADD copies as it is. */
  readonly zip?: { readonly members: readonly ArchiveMember[] } | { readonly problem: string };
  /** The reason why its content is unknown. */
  readonly problem?: string;
}

/** A file of an archive; devices and the like are excluded. */
export interface ArchiveMember {
  /** Relative, without `.` and `..`. */
  readonly path: string;
  /** True if its path is written with `./` before it, which `tar --strip-components` counts as a folder. */
  readonly isBelowDot?: true;
  readonly kind: "file" | "directory" | "symlink" | "hardlink";
  readonly bytes: number;
  /** For a symlink as written; for a hard link the path of the other name. */
  readonly linkTarget?: string;
}

export interface PackageVersionsFact {
  /** Newest first; prereleases after all others. */
  readonly versions: readonly string[];
  /** Names that the index gives to versions, such as `latest`. */
  readonly tags: ReadonlyMap<string, string>;
  /** The version installed if none is asked for, with the versions of Node that it says it needs. */
  readonly newest?: { readonly version: string; readonly engine?: string };
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
  /** Such as 2086 for SC2086. */
  readonly code: number;
  readonly level: "error" | "warning" | "info" | "style";
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** These form its fix together; empty without a fix. */
  readonly replacements: readonly ShellCheckReplacement[];
}

export interface ShellCheckReplacement {
  readonly start: number;
  /** Equal to `start` for an insertion. */
  readonly end: number;
  readonly text: string;
  /** The neighbour of an insertion: the text before or after it. */
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
  /** The lookup failed; `reason` is shown. If final, its source was read, and another can't know more. */
  | { readonly state: "unavailable"; readonly reason: string; readonly isFinal?: true };

/** A read-only view of facts. Reading never waits; a missing fact is "pending" and is fetched in the background. */
export interface Facts {
  get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]>;
}
