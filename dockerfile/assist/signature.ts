import { instructionKnowledge } from "../syntax/instructions.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";
import { innermostAt, instructionAt } from "./instructionAt.ts";

/** The forms of an instruction, and the part of one that the cursor is in. */
export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  /** The index of the form that is written. */
  readonly active: number;
  /** The index among its parameters. */
  readonly activeParameter: number;
}

/** A form of an instruction. */
export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  /** In the label. */
  readonly parameters: readonly Span[];
}

/** The forms of the instruction in whose arguments an offset is; undefined at its keyword and in heredocs. */
export function signatureAt(file: Dockerfile, offset: number): SignatureHelp | undefined {
  const outer = instructionAt(file, offset);
  const instruction = outer && innermostAt(outer, offset);
  const knowledge = instruction && instructionKnowledge(instruction.keyword.value);
  if (!knowledge || offset <= instruction.keyword.span.end || offset > instruction.headSpan.end) return undefined;
  const signatures = knowledge.synopsis.map((label) => ({
    label,
    documentation: `${knowledge.doc}.`,
    parameters: parametersOf(label),
  }));
  const active = activeForm(file, instruction, knowledge.synopsis);
  const labels = (signatures[active]?.parameters ?? []).map(
    ({ start, end }) => knowledge.synopsis[active]?.slice(start, end) ?? "",
  );
  return { signatures, active, activeParameter: activeParameter(instruction, labels, offset) };
}

/** The words after the keyword; a name in angle brackets may have blanks. */
function parametersOf(label: string): readonly Span[] {
  const words = [...label.matchAll(/(?:<[^<>]*>|\S)+/g)].slice(1);
  return words.map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
}

function activeForm(
  { text }: Dockerfile,
  { form, heredocs, restSpan }: Instruction,
  synopsis: readonly string[],
): number {
  const isJson = form === "json" || text.startsWith("[", restSpan.start);
  const wanted = isJson ? /\[ ?"/ : heredocs.length > 0 ? /<</ : undefined;
  const found = synopsis.findIndex((label) => (wanted ? wanted.test(label) : !/\[ ?"/.test(label)));
  return Math.max(0, found);
}

/** The options while the cursor is in a flag, else the parameter in whose place the argument at the cursor is. */
function activeParameter({ flags, arguments: words }: Instruction, labels: readonly string[], offset: number): number {
  const options = labels.findIndex((label) => /^\[(?:OPTIONS|--)/.test(label));
  if (options >= 0 && flags.some(({ span }) => span.start <= offset && offset <= span.end)) return options;
  const first = options + 1;
  const index = words.filter(({ span }) => span.end < offset).length;
  const last = labels.length - 1;
  const isLast = index > 0 && index >= words.length - 1;
  // `<src>...` takes all words but the last.
  if (labels.at(-2)?.includes("...") || labels[first]?.endsWith("...")) return isLast && last > first ? last : first;
  return Math.min(first + index, last);
}
