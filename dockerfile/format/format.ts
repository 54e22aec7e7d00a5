import { applyChanges } from "../edit/applyChanges.ts";
import type { Change } from "../edit/change.ts";
import { newlineOf } from "../edit/edits.ts";
import { shellsInEffect } from "../shell/inEffect.ts";
import type { ShellParser } from "../shell/shell.ts";
import { instructionKnowledge } from "../syntax/instructions.ts";
import { parse } from "../syntax/parse.ts";
import type { Dockerfile, Instruction, Token } from "../syntax/syntax.ts";
import { indentationChanges, type IndentStyle } from "./indentation.ts";
import { hasSameMeaning } from "./sameMeaning.ts";

/** The layout of a file. */
export interface FormatOptions extends IndentStyle {
  /** The letters of instructions: as they are, or all alike. */
  readonly keywordCase: "keep" | "upper" | "lower";
  /** End the file with a newline. */
  readonly insertsFinalNewline: boolean;
  /** Leave no blank lines at the end of the file. */
  readonly trimsFinalNewlines: boolean;
}

/**
 * Lays a file out without changing what it means, in the file's order: no blanks at the ends of lines or before an
 * instruction, continued lines indented by one step and what is deeper by as much as before, keywords in the case asked
 * for. Comments and what heredocs hold stay as they are. The indentation of an instruction stays too if a quoted text
 * would change.
 */
export function formatFile(
  { file, shell }: { readonly file: Dockerfile; readonly shell: ShellParser },
  options: FormatOptions,
): readonly Change[] {
  const certain = [
    ...trailingBlanks(file),
    ...file.instructions.flatMap((instruction) => [
      ...leadingBlanks(file, instruction),
      ...keywordChanges(file, instruction, options),
    ]),
    ...finalNewlines(file, options),
  ];
  const shellAt = shellsInEffect(file);
  const indented = file.instructions
    .map((instruction) => ({ instruction, changes: indentationChanges(file, instruction, options) }))
    .filter(({ changes }) => changes.length > 0);
  const isSure = ({ instruction, changes }: Indented) =>
    shellAt(instruction).isPosix && isBetweenWords(file, instruction, changes);
  const sure = indented.filter(isSure).flatMap(({ changes }) => changes);
  const unsure = indented.filter((one) => !isSure(one));
  return merged([...certain, ...sure, ...keptMeaning({ file, shell }, unsure, [...certain, ...sure])]);
}

interface Indented {
  readonly instruction: Instruction;
  readonly changes: readonly Change[];
}

/**
 * True if the lines of the changes begin with blanks already, and the instruction has no quotes and is split into
 * words: then only blanks between words change. `ENV A b  c` is not split.
 */
function isBetweenWords(
  { text, escape }: Dockerfile,
  { keyword, headSpan }: Instruction,
  changes: readonly Change[],
): boolean {
  const isPlain =
    escape === "\\" && wordInstructions.has(keyword.value) && !/['"]/.test(text.slice(headSpan.start, headSpan.end));
  return isPlain && changes.every(({ span }) => span.end > span.start);
}

const wordInstructions: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD"]);

/** The changes of the instructions that mean the same after them, and after the others. */
function keptMeaning(
  { file, shell }: { readonly file: Dockerfile; readonly shell: ShellParser },
  unsure: readonly Indented[],
  others: readonly Change[],
): readonly Change[] {
  if (unsure.length === 0) return [];
  const after = parse(applyChanges(file.text, merged([...others, ...unsure.flatMap(({ changes }) => changes)])));
  if (after.instructions.length !== file.instructions.length) return [];
  return unsure.flatMap(({ instruction, changes }) => {
    const other = after.instructions[instruction.index];
    return other && hasSameMeaning({ file, instruction }, { file: after, instruction: other }, shell) ? changes : [];
  });
}

/**
 * In the file's order. Of two changes of one place the longer counts: blank lines at the end of a file have blanks too.
 */
function merged(changes: readonly Change[]): readonly Change[] {
  let end = -1;
  return changes
    .toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)
    .filter(({ span }) => {
      if (span.start < end) return false;
      end = span.end;
      return true;
    });
}

function trailingBlanks({ text, tokens }: Dockerfile): readonly Change[] {
  return tokens.flatMap((token, index): readonly Change[] => {
    const next = tokens[index + 1];
    if (next && next.kind !== "newline") return [];
    const start = blanksFrom(text, token);
    return start < token.span.end ? [{ span: { start, end: token.span.end }, text: "" }] : [];
  });
}

/** The offset at which the blanks of a token begin: its own, or those after an escape character. */
function blanksFrom(text: string, { kind, span }: Token): number {
  if (kind === "whitespace") return span.start;
  return kind === "continuation" ? span.start + text.slice(span.start, span.end).trimEnd().length : span.end;
}

function leadingBlanks({ text }: Dockerfile, { keyword }: Instruction): readonly Change[] {
  const { start } = keyword.span;
  const blanks = /[ \t]*$/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))?.[0].length ?? 0;
  return blanks > 0 && instructionKnowledge(keyword.value)
    ? [{ span: { start: start - blanks, end: start }, text: "" }]
    : [];
}

function keywordChanges(file: Dockerfile, instruction: Instruction, options: FormatOptions): readonly Change[] {
  const { keyword, trigger } = instruction;
  if (options.keywordCase === "keep" || !instructionKnowledge(keyword.value)) return [];
  const words = [
    keyword.span,
    ...(keyword.value === "FROM" ? instruction.arguments.slice(1, 2) : []).map(({ span }) => span),
  ];
  const changes = words.flatMap((span): readonly Change[] => {
    const written = file.text.slice(span.start, span.end);
    const text = options.keywordCase === "upper" ? written.toUpperCase() : written.toLowerCase();
    const isKeyword = span === keyword.span || text.toUpperCase() === "AS";
    return isKeyword && text !== written ? [{ span, text }] : [];
  });
  return trigger ? [...changes, ...keywordChanges(file, trigger, options)] : changes;
}

function finalNewlines(file: Dockerfile, options: FormatOptions): readonly Change[] {
  const { text } = file;
  // The lines after a heredoc without its end belong to it.
  const isOpen = file.instructions.at(-1)?.heredocs.some(({ end }) => end === undefined) ?? false;
  if (isOpen || text.trim() === "") return [];
  const blank = text.slice(text.trimEnd().length);
  if (!/^[ \t\r\n]*$/.test(blank)) return [];
  if (!blank.includes("\n"))
    return options.insertsFinalNewline
      ? [{ span: { start: text.length, end: text.length }, text: newlineOf(file) }]
      : [];
  const first = text.length - blank.length + blank.indexOf("\n") + 1;
  return options.trimsFinalNewlines && first < text.length
    ? [{ span: { start: first, end: text.length }, text: "" }]
    : [];
}
