import type { Variables } from "../in/textReference.ts";
import type { TextInFile } from "../in/yamlText.ts";

/** The build of a Dockerfile that a file of the workspace defines. */
export interface BuildDefinition {
  /** The subject of the build, as messages name it: `service web`. */
  readonly what: string;
  /** The path of the Dockerfile from {@link BuildFile.base}, with `/` between folders. */
  readonly dockerfile: string;
  /** The stage that is built; absent for the last one, or if it comes from a variable. */
  readonly target?: string;
  /** The names that the image gets, as far as they don't come from variables: `shop/app:1`, `shop/app`. */
  readonly images: readonly string[];
  readonly args: readonly BuildInput[];
  /** Named contexts, each by key. */
  readonly contexts: readonly BuildInput[];
}

/** The build of a Dockerfile that is written in the file itself. */
export interface InlineBuild extends Pick<BuildDefinition, "what" | "args" | "contexts"> {
  /** As BuildKit reads it. */
  readonly dockerfile: TextInFile;
}

/** A build argument or a named context. */
export interface BuildInput {
  readonly name: string;
  /** Absent if it comes from the environment, or from an expression. */
  readonly value?: string;
  /** The position in the file, in UTF-16 units. */
  readonly offset: number;
  /** The value as it is written, which may contain variables; absent if it can't be edited there. */
  readonly text?: TextInFile;
}

/** The builds that a file defines. */
export interface BuildFile {
  /** The start of its paths: the folder of the file, or the root of the repository. */
  readonly base: "folder" | "repository";
  /** The variables that its values may contain. */
  readonly variables: Variables;
  /** True if comments may begin with `//`. */
  readonly hasSlashComments?: true;
  readonly builds: readonly BuildDefinition[];
  readonly inlineBuilds: readonly InlineBuild[];
}

/** Joins paths of a build file; undefined if they contain variables or addresses. */
export function joinedPath(...parts: readonly (string | undefined)[]): string | undefined {
  const given = parts.flatMap((part) => (part ? [part] : []));
  if (given.some((part) => /[$]|:\/\/|^git@|\{\{/.test(part))) return undefined;
  const last = given.findLastIndex((part) => part.startsWith("/"));
  return given.slice(Math.max(last, 0)).join("/");
}

/** Parses `NAME=value` or a bare `NAME`. */
export function inputOf(text: string, offset: number): BuildInput {
  const [, name = text, value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
  return { name: name.trim(), offset, ...(value !== undefined && { value }) };
}

/**
 * The name of an image as a build file gives it, without a tag that is a variable: `shop/app` for `shop/app:${TAG}`.
 * None if more of it is one.
 */
export function namesOf(written: string | undefined): readonly string[] {
  const name = written?.trim().replace(/:\$(?:\w+|\{[^{}]*\}|\{\{[^{}]*\}\})$/, "") ?? "";
  return name === "" || name.includes("$") ? [] : [name];
}

/** The stage that a build file names; none if it comes from a variable. */
export function targetOf(written: string | undefined): Pick<BuildDefinition, "target"> {
  return written === undefined || written === "" || written.includes("$") ? {} : { target: written };
}
