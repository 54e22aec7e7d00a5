import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";

/** A kind of file that names images. */
export interface FileKind {
  readonly name: "dockerfile" | "compose" | "bake" | "devcontainer" | "workflow";
  /** Whether a path names a file of this kind, by its name and folders; `/` between them. */
  isNamed(path: string): boolean;
  find(text: string, options: FindOptions): FoundReferences;
}

export interface FindOptions {
  /** "obey": comments that silence `image-without-digest` leave a reference alone. */
  readonly comments: "obey" | "disregard";
}

export interface FoundReferences {
  /** In the file's order. */
  readonly references: readonly PlacedReference[];
  /** Those of them that a comment leaves alone. */
  readonly ignored: ReadonlySet<PlacedReference>;
  /** Why the text isn't understood, as the end of a sentence; then there are no references. */
  readonly problem?: string;
}

/** What is found in a text that isn't understood. */
export function notUnderstood(problem: string): FoundReferences {
  return { references: [], ignored: new Set(), problem };
}

/** The last part of a path with `/`. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
