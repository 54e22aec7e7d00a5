import type { HclReader } from "./bake/bakeFile.ts";
import type { LintConfig } from "../../dockerfile/lint/config/lintConfig.ts";
import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";

/** A kind of file that names images. */
export interface FileKind {
  /** Unique; `imagewright pin --kind` takes it. */
  readonly name: string;
  /** True if a path has the name and folders of this kind of file. The path is separated by `/`. */
  isNamed(path: string): boolean;
  find(text: string, options: FindOptions): FoundReferences | Promise<FoundReferences>;
}

export interface FindOptions {
  /** "obey": references with a comment that silences `image-without-digest` are ignored. */
  readonly comments: "obey" | "disregard";
  /** Loads the HCL parser; called for Bake files only. Once per process is enough. */
  readonly loadHcl: () => Promise<HclReader>;
}

/** Disregards comments that ignore references if a configuration does. */
export function commentsOf({ isIgnorePragmaDisabled }: LintConfig): FindOptions["comments"] {
  return isIgnorePragmaDisabled ? "disregard" : "obey";
}

export interface FoundReferences {
  /** In file order. */
  readonly references: readonly PlacedReference[];
  /** The references that a comment ignores. */
  readonly ignored: ReadonlySet<PlacedReference>;
  /** The reason why the text can't be parsed, as the end of a sentence. There are no references then. */
  readonly problem?: string;
}

/** The result for a text that can't be parsed. */
export function notUnderstood(problem: string): FoundReferences {
  return { references: [], ignored: new Set(), problem };
}

/** The last part of a path separated by `/`. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
