/** What may be known beside the text of a Dockerfile, by kind. */
export type FactKey =
  /** The local image of a reference: its size and config. */
  | { readonly kind: "baseImage"; readonly reference: string; readonly platform?: string }
  /** The files of the build context, `.dockerignore` applied. One for each Dockerfile. */
  | { readonly kind: "contextFiles" };

export interface BaseImageFact {
  /** Content of the image as the engine counts it. */
  readonly bytes: number;
  readonly id: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly workingDir: string;
}

/** Files of the build context. Paths are relative with `/`. */
export interface ContextFilesFact {
  readonly root: string;
  /** Which ignore file was applied, relative to root. */
  readonly ignoreFile?: string;
  readonly files: readonly ContextFile[];
  /** A bound was reached: there are more files than listed. */
  readonly isTruncated: boolean;
}

export interface ContextFile {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** Of a file; 0 for the rest. */
  readonly bytes: number;
  /** Left out of the context by the ignore file. An ignored directory's content is listed only where a `!` pattern may bring some of it back. */
  readonly isIgnored: boolean;
  /** Of a symlink, as written. */
  readonly linkTarget?: string;
  /** Set where several names share one file: equal for those that do. */
  readonly inode?: string;
}

export interface FactTypes {
  readonly baseImage: BaseImageFact;
  readonly contextFiles: ContextFilesFact;
}

export type FactState<T> =
  | { readonly state: "known"; readonly value: T }
  | { readonly state: "pending" }
  /** It was looked for and can't be had; `reason` is shown. */
  | { readonly state: "unavailable"; readonly reason: string };

/** A read-only view of facts. Reading never waits; a fact not yet there is "pending" and is fetched behind. */
export interface Facts {
  get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]>;
}
