import { lexShell } from "../expand/lexer.ts";
import type { Span, SyntaxProblem, SyntaxProblemKind, Word } from "../syntax.ts";

export function problem(kind: SyntaxProblemKind, span: Span, message: string, suggestion?: string): SyntaxProblem {
  return suggestion === undefined ? { kind, span, message } : { kind, span, message, suggestion };
}

/** The value of a word without quotes and escapes; undefined if it depends on a variable or can't be read. */
export function literalValue(word: Word, escape: string): string | undefined {
  const { result, unknown, failure } = lexShell(word.value, { escape, lookup: () => ({}) });
  return unknown.length > 0 || failure ? undefined : result;
}

/** A word for a message; long ones are truncated. */
export function quoted(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}

/** `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
