import { expandWith } from "../syntax/expand/expand.ts";
import type { Lookup } from "../syntax/expand/lexerState.ts";
import type { Dockerfile, Instruction, Word } from "../syntax/syntax.ts";
import type { SourceStyle } from "./matchSource.ts";

/** The sources of a COPY or ADD, as written. */
export interface CopySources {
  readonly sources: readonly CopySource[];
  /** False for COPY --from. */
  readonly isFromContext: boolean;
  readonly style: SourceStyle;
  /** The patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

export interface CopySource {
  readonly word: Word;
  readonly isHeredoc: boolean;
  /** With variables expanded and slashes between its parts; absent if a variable is unknown. */
  readonly text?: string;
  /** The variables that must be known to determine the text. */
  readonly unknownNames: readonly string[];
}

/** Reads the words and flags of COPY and ADD; undefined for any other instruction. */
export function copySourcesOf(file: Dockerfile, instruction: Instruction, lookup: Lookup): CopySources | undefined {
  const { keyword, flags, arguments: words } = instruction;
  if (keyword.value !== "COPY" && keyword.value !== "ADD") return undefined;
  return {
    sources: words.slice(0, -1).map((word) => sourceOf(file, instruction, word, lookup)),
    isFromContext: keyword.value === "ADD" || !flags.some(({ name }) => name === "from"),
    style: flags.some(({ name }) => name === "parents") ? "parents" : "plain",
    excludes: flags.flatMap(({ name, value }) => (name === "exclude" && value ? [value.value] : [])),
  };
}

function sourceOf({ escape }: Dockerfile, { heredocs }: Instruction, word: Word, lookup: Lookup): CopySource {
  const { value, unknownNames, failure } = expandWith(word.logical, escape, lookup);
  const isKnown = unknownNames.length === 0 && !failure;
  return {
    word,
    isHeredoc: heredocs.some(({ span }) => span.start === word.span.start),
    // A backslash that isn't the escape character separates the parts of a path.
    ...(isKnown && { text: escape === "`" ? value.replaceAll("\\", "/") : value }),
    unknownNames,
  };
}
