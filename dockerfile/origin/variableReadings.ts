import { cleanPath } from "../syntax/cleanPath.ts";
import { lexShell } from "../syntax/expand/lexer.ts";
import type { Lookup } from "../syntax/expand/lexerState.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { scopesOf } from "../syntax/expand/variables.ts";

/** A placeholder in an expanded text for an unknown part: any text matches it. */
export const unknownText = "\0";

/** One way to read a file's variables; the values that a build saw aren't recorded. */
export interface VariableReading {
  /** Expands the variables of a word of the instruction and removes its quotes. */
  expand(instruction: Instruction, text: string): string;
  /** The initial directory of a stage on an image. */
  readonly firstDirectory: string;
}

/**
 * The possible readings of a build: with the build arguments in its history, or the defaults, and unset variables
 * empty; and last, with holes for everything that the text doesn't show.
 */
export function readingsOf(file: Dockerfile, buildArgs: ReadonlyMap<string, string>): readonly VariableReading[] {
  const given = scopesOf(file, { buildArgs }).lookup;
  const filled = readingOf(file, given, "");
  const open = readingOf(file, given, unknownText);
  return buildArgs.size === 0 ? [filled, open] : [filled, readingOf(file, scopesOf(file).lookup, ""), open];
}

// The limit on the characters that variables may produce for the lines of one file. Without it, thousands of lines that
// repeat a long value would fill the memory.
const maxProducedCharacters = 1 << 22;

/** The folder after a WORKDIR. */
export function resolveDirectory(from: string, path: string): string {
  return path.startsWith("/") || path.startsWith(unknownText) ? cleanPath(path) : cleanPath(`${from}/${path}`);
}

function readingOf(
  { escape }: Dockerfile,
  lookupAt: (instruction: Instruction) => Lookup,
  unknown: "" | typeof unknownText,
): VariableReading {
  let left = maxProducedCharacters;
  const expand = (instruction: Instruction, text: string): string => {
    if (plainText.test(text)) return text;
    if (left < 0) return unknown;
    const lookup = lookupAt(instruction);
    const filled: Lookup = (name) => {
      const found = lookup(name);
      return found && found.value === undefined ? { value: unknown } : found;
    };
    const { result, failure } = lexShell(text, { escape, lookup: filled });
    left -= result.length;
    return failure ? unknown : result;
  };
  return { expand, firstDirectory: unknown === unknownText ? unknownText : "/" };
}

/** Matches text without special characters. */
const plainText = /^[\w./:=@,+-]*$/;
