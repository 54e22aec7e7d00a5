import type { Change } from "../edit/change.ts";
import { instructionKnowledge } from "../syntax/instructions.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";

/** The indentation of lines. */
export interface IndentStyle {
  /** Columns of a step, and of a tab. */
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/**
 * The changes that give the continued lines of an instruction one step of indentation, those that are deeper the rest
 * of theirs. Comments between them move along unless they begin the line. Heredocs stay.
 */
export function indentationChanges(file: Dockerfile, instruction: Instruction, style: IndentStyle): readonly Change[] {
  if (!instructionKnowledge(instruction.keyword.value)) return [];
  const lines = continuedLines(file, instruction);
  const least = Math.min(...lines.flatMap(({ isCode, columns }) => (isCode ? [columns(style)] : [])));
  if (!Number.isFinite(least)) return [];
  return lines.flatMap(({ isCode, columns, span }): readonly Change[] => {
    if (!isCode && span.start === span.end) return [];
    const text = indentOf(style.tabSize + Math.max(0, columns(style) - least), style);
    return text === file.text.slice(span.start, span.end) ? [] : [{ span, text }];
  });
}

/** Blanks of so many columns. */
export function indentOf(columns: number, { tabSize, insertSpaces }: IndentStyle): string {
  if (insertSpaces) return " ".repeat(columns);
  return "\t".repeat(Math.floor(columns / tabSize)) + " ".repeat(columns % tabSize);
}

interface ContinuedLine {
  /** Its blanks. */
  readonly span: Span;
  /** Not a comment. */
  readonly isCode: boolean;
  /** The width of its indentation. */
  columns(style: IndentStyle): number;
}

/** The lines of an instruction after its first one, blank ones and heredocs left out. */
function continuedLines({ text }: Dockerfile, { headSpan }: Instruction): readonly ContinuedLine[] {
  const lines: ContinuedLine[] = [];
  let newline = text.indexOf("\n", headSpan.start);
  while (newline >= 0 && newline < headSpan.end) {
    const start = newline + 1;
    newline = text.indexOf("\n", start);
    const line = text.slice(start, newline < 0 ? headSpan.end : Math.min(newline, headSpan.end));
    const blanks = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (line.trim() === "") continue;
    lines.push({
      span: { start, end: start + blanks.length },
      isCode: line[blanks.length] !== "#",
      columns: ({ tabSize }) => columnsOf(blanks, tabSize),
    });
  }
  return lines;
}

function columnsOf(blanks: string, tabSize: number): number {
  let columns = 0;
  for (const blank of blanks) columns += blank === "\t" ? tabSize - (columns % tabSize) : 1;
  return columns;
}
