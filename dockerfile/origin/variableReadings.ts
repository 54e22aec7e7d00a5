import { cleanPath } from "../syntax/cleanPath.ts";
import { lexShell } from "../syntax/expand/lexer.ts";
import type { Lookup } from "../syntax/expand/lexerState.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { scopesOf } from "../syntax/expand/variables.ts";

/** Stands in an expanded text for what nobody can tell: any text fits there. */
export const unknownText = "\0";

/** One way to read a file's variables; which of them a build saw is not recorded. */
export interface VariableReading {
  /** A word of the instruction with its variables put in and its quotes taken out. */
  expand(instruction: Instruction, text: string): string;
  /** Where a stage on an image begins. */
  readonly firstDirectory: string;
}

/** What a build may have seen: the build arguments that its history tells of, or the defaults, with what is not set empty; and last, holes for all that the text does not tell. */
export function readingsOf(file: Dockerfile, buildArgs: ReadonlyMap<string, string>): readonly VariableReading[] {
  const given = scopesOf(file, { buildArgs }).lookup;
  const filled = readingOf(file, given, "");
  const open = readingOf(file, given, unknownText);
  return buildArgs.size === 0 ? [filled, open] : [filled, readingOf(file, scopesOf(file).lookup, ""), open];
}

// What variables may give to the lines of one file. Thousands of lines that repeat a long value fill the memory without it.
const maxProducedCharacters = 1 << 22;

/** The folder that a WORKDIR leads to. */
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

/** Without anything that means something else. */
const plainText = /^[\w./:=@,+-]*$/;
