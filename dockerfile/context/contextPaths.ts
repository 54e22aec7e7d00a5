import type { Scopes } from "../syntax/expand/variables.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";
import { copySourcesOf } from "./copySources.ts";
import { hasWildcard } from "./goMatch.ts";
import { isWholeContext, type SourceStyle } from "./matchSource.ts";
import { isRemote } from "./remote.ts";

/** A path or pattern of files in the build context, with its position in the text. */
export interface ContextPath {
  readonly instruction: Instruction;
  /** "mount" for `RUN --mount=type=bind,source=…`. */
  readonly usedBy: "copy" | "mount";
  readonly span: Span;
  /** As written, including quotes and variables. */
  readonly written: string;
  /** With variables expanded and slashes between its parts. */
  readonly text: string;
  readonly style: SourceStyle;
  /** The patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

/**
 * The paths that COPY, ADD and bind mounts take from the build context, in the file's order. Excluded are heredocs,
 * URLs, other stages, triggers, and paths that depend on unknown variables.
 */
export function contextPathsIn(file: Dockerfile, scopes: Scopes): readonly ContextPath[] {
  return file.instructions.flatMap((instruction) =>
    instruction.keyword.value === "RUN" ? mountPaths(instruction) : copyPaths(file, instruction, scopes),
  );
}

/** The paths that name one file or folder, without duplicates; excludes patterns and the whole context. */
export function literalPathsOf(paths: readonly ContextPath[]): readonly string[] {
  return [...new Set(paths.map(({ text }) => text))].filter((text) => !hasWildcard(text) && !isWholeContext(text));
}

function copyPaths(file: Dockerfile, instruction: Instruction, scopes: Scopes): readonly ContextPath[] {
  const copied = copySourcesOf(file, instruction, scopes.lookup(instruction));
  if (!copied?.isFromContext) return [];
  const { sources, style, excludes } = copied;
  return sources.flatMap(({ word: { value, span }, isHeredoc, text }): ContextPath[] =>
    isHeredoc || text === undefined || text === "" || isRemote(text)
      ? []
      : [{ instruction, usedBy: "copy", span, written: value, text, style, excludes }],
  );
}

/** @see https://docs.docker.com/reference/dockerfile/#run---mounttypebind */
function mountPaths(instruction: Instruction): readonly ContextPath[] {
  return mountsOf(instruction).flatMap(({ type, source, from }): ContextPath[] => {
    if (type !== "bind" || from || !source || source.value.includes("$")) return [];
    const { span, value } = source;
    return [{ instruction, usedBy: "mount", span, written: value, text: value, style: "plain", excludes: [] }];
  });
}
