/** How a file of the workspace builds a Dockerfile. */
export interface BuildDefinition {
  /** What builds it, as a message names it: `service web`. */
  readonly what: string;
  /** Where the Dockerfile is, from {@link BuildFile.base}, with `/` between folders. */
  readonly dockerfile: string;
  readonly args: readonly BuildInput[];
  /** Named contexts, each by its key. */
  readonly contexts: readonly BuildInput[];
}

/** A build argument or a named context. */
export interface BuildInput {
  readonly name: string;
  /** Absent if it comes from the environment, or from an expression. */
  readonly value?: string;
  /** The place in the file, in UTF-16 units. */
  readonly offset: number;
}

/** What a file says about builds. */
export interface BuildFile {
  /** What paths in it begin at: the folder of the file, or the root of the repository. */
  readonly base: "folder" | "repository";
  readonly builds: readonly BuildDefinition[];
}

/** Joins paths of a build file; undefined if variables or addresses are in them. */
export function joinedPath(...parts: readonly (string | undefined)[]): string | undefined {
  const given = parts.flatMap((part) => (part ? [part] : []));
  if (given.some((part) => /[$]|:\/\/|^git@|\{\{/.test(part))) return undefined;
  const last = given.findLastIndex((part) => part.startsWith("/"));
  return given.slice(Math.max(last, 0)).join("/");
}

/** `NAME=value` or a bare `NAME`. */
export function inputOf(text: string, offset: number): BuildInput {
  const [, name = text, value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
  return { name: name.trim(), offset, ...(value !== undefined && { value }) };
}
