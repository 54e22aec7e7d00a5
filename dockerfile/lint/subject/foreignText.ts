import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";

/** A text that isn't a Dockerfile, whatever its name: findings in it are meaningless, and changes would damage it. */
export type ForeignText =
  /** UTF-16, or not text at all. */
  | { readonly kind: "binary"; readonly span: Span }
  /** Most of its lines aren't Dockerfile lines. */
  | {
      readonly kind: "otherLanguage";
      /** The first word that isn't an instruction. */
      readonly span: Span;
      readonly unknown: number;
      readonly instructions: number;
    };

/** Judges a text by its content alone; undefined if it may be a Dockerfile, even one with mistakes. */
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

/** True if nothing in the text suggests another language: it has a stage, and only instructions. */
export function isPlainDockerfile(file: Dockerfile): boolean {
  return file.stages.length > 0 && unknownKeywords(file).size === 0 && !file.instructions.some(isStatement);
}

// One or two unintelligible lines are mistakes.
const minStrange = 3;

/** The positions of the words that aren't instructions. */
function unknownKeywords({ problems }: Dockerfile): ReadonlySet<number> {
  return new Set(problems.flatMap(({ kind, span }) => (kind === "unknownInstruction" ? [span.start] : [])));
}

/** True for `from os import path`, and the like in other languages. */
function isStatement({ keyword, arguments: words }: Instruction): boolean {
  return keyword.value === "FROM" && words.length > 1 && words[1]?.value.toLowerCase() !== "as";
}
