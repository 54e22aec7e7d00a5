import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";

/** A text that is no Dockerfile, whatever its name: what is found in it means nothing, and changes would damage it. */
export type ForeignText =
  /** UTF-16, or no text at all. */
  | { readonly kind: "binary"; readonly span: Span }
  /** Most of its lines are none of a Dockerfile. */
  | {
      readonly kind: "otherLanguage";
      /** The first word that is no instruction. */
      readonly span: Span;
      readonly unknown: number;
      readonly instructions: number;
    };

/** Judges a text by its content alone; undefined if it may well be a Dockerfile, even one with mistakes. */
export function foreignText(file: Dockerfile): ForeignText | undefined {
  const nul = file.text.indexOf("\0");
  if (nul >= 0) return { kind: "binary", span: { start: nul, end: nul + 1 } };
  const { instructions } = file;
  const unknown = unknownKeywords(file);
  const strange = instructions.filter((it) => unknown.has(it.keyword.span.start) || isStatement(it));
  const [first] = strange;
  if (!first || strange.length < minStrange || strange.length * 2 <= instructions.length) return undefined;
  const { length } = instructions;
  return { kind: "otherLanguage", span: first.keyword.span, unknown: strange.length, instructions: length };
}

/** True if nothing in the text speaks against a Dockerfile: it has a stage, and instructions alone. */
export function isPlainDockerfile(file: Dockerfile): boolean {
  return file.stages.length > 0 && unknownKeywords(file).size === 0 && !file.instructions.some(isStatement);
}

// One or two lines that make no sense are mistakes.
const minStrange = 3;

/** Where the words that are no instructions begin. */
function unknownKeywords({ problems }: Dockerfile): ReadonlySet<number> {
  return new Set(problems.flatMap(({ kind, span }) => (kind === "unknownInstruction" ? [span.start] : [])));
}

/** `from os import path`, and its like in other languages. */
function isStatement({ keyword, arguments: words }: Instruction): boolean {
  return keyword.value === "FROM" && words.length > 1 && words[1]?.value.toLowerCase() !== "as";
}
