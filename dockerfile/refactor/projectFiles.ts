/** The files of a project, asked for by their paths. */
export interface ProjectFiles {
  has(path: string): boolean;
  /** The first of these that is there. */
  first(...paths: readonly string[]): string | undefined;
  /** The paths that a pattern matches, sorted. */
  matching(pattern: RegExp): readonly string[];
}
