import { isWholeContext } from "../context/sources.ts";
import type { ContextFilesFact } from "../facts/fact.ts";
import { expandWith } from "../syntax/expand.ts";
import type { Instruction, Word } from "../syntax/syntax.ts";
import { scopesIn } from "./fileScopes.ts";
import type { LintInput } from "./rule.ts";

/** One source of COPY or ADD that is taken from the build context. */
export interface ContextSource {
  readonly instruction: Instruction;
  readonly word: Word;
  /** Variables put in. */
  readonly source: string;
  readonly context: ContextFilesFact;
}

/** The sources whose names are known, the whole context left out; none while the files of the context are not known. */
export function* contextSources({ file, facts }: LintInput): Iterable<ContextSource> {
  const fact = facts.get({ kind: "contextFiles" });
  if (fact.state !== "known") return;
  for (const instruction of file.instructions) {
    if (!takesFromContext(instruction)) continue;
    for (const word of instruction.arguments.slice(0, -1)) {
      const { value, unknownNames, failure } = expandWith(word.logical, file.escape, scopesIn(file).lookup(instruction));
      const isKnown = unknownNames.length === 0 && !failure && !isWholeContext(value);
      if (isKnown && !isHeredoc(instruction, word) && !isRemote(value)) yield { instruction, word, source: value, context: fact.value };
    }
  }
}

function takesFromContext({ keyword, flags }: Instruction): boolean {
  return keyword.value === "ADD" || (keyword.value === "COPY" && !flags.some(({ name }) => name === "from"));
}

function isHeredoc({ heredocs }: Instruction, { span }: Word): boolean {
  return heredocs.some((heredoc) => heredoc.span.start === span.start);
}

/** An address or a Git repository. @see https://docs.docker.com/reference/dockerfile/#add */
export function isRemote(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:/i.test(source);
}
