import { skipSpaces } from "./characters.ts";
import { lineAt, type Line } from "./lines.ts";
import { logicalText, type Piece } from "./logicalText.ts";
import type { Comment, LogicalText, Span, TokenKind } from "./syntax.ts";
import type { Segment } from "./tokens.ts";

/** The lines of an instruction before its heredoc bodies, joined. */
export interface InstructionLines {
  readonly logical: LogicalText;
  /** In the file's order, from the first line's start to `end`. */
  readonly segments: readonly Segment[];
  readonly comments: readonly Comment[];
  readonly blankLines: readonly Span[];
  /** End of the last line with content of the instruction, without its newline. */
  readonly contentEnd: number;
  /** The position to continue from. */
  readonly end: number;
}

/**
 * Joins a line with its continuations, skipping comment and blank lines.
 * @see moby/buildkit frontend/dockerfile/parser/parser.go Parse
 */
export function readInstructionLines(text: string, first: Line, escape: string): InstructionLines {
  const draft = newDraft(text, escape);
  const start = skipSpaces(text, first.start, first.contentEnd);
  pushTrivia(draft, "whitespace", first.start, start);
  let isContinued = addLine(draft, start, first);
  while (isContinued) {
    const line = lineAt(text, draft.end);
    if (!line) break;
    isContinued = addContinuation(draft, line);
  }
  return {
    logical: logicalText(draft.texts.join(""), draft.pieces),
    segments: draft.segments,
    comments: draft.comments,
    blankLines: draft.blankLines,
    contentEnd: draft.contentEnd,
    end: draft.end,
  };
}

/** A comment line, where `hash` is the position of its `#`. */
export function commentAt(text: string, hash: number, line: Line, place: "inside" | "outside"): Comment {
  const span = { start: hash, end: line.contentEnd };
  return { text: text.slice(hash + 1, line.contentEnd).trim(), span, isInsideInstruction: place === "inside" };
}

interface Draft {
  readonly text: string;
  readonly escape: string;
  readonly texts: string[];
  readonly pieces: Piece[];
  readonly segments: Segment[];
  readonly comments: Comment[];
  readonly blankLines: Span[];
  length: number;
  contentEnd: number;
  end: number;
}

function newDraft(text: string, escape: string): Draft {
  return {
    text,
    escape,
    texts: [],
    pieces: [],
    segments: [],
    comments: [],
    blankLines: [],
    length: 0,
    contentEnd: 0,
    end: 0,
  };
}

/** Adds a line; true if the instruction continues. */
function addContinuation(draft: Draft, line: Line): boolean {
  const start = skipSpaces(draft.text, line.start, line.contentEnd);
  if (start < line.contentEnd && draft.text[start] !== "#") return addLine(draft, line.start, line);
  pushTrivia(draft, "whitespace", line.start, start);
  if (start < line.contentEnd) {
    draft.comments.push(commentAt(draft.text, start, line, "inside"));
    pushTrivia(draft, "comment", start, line.contentEnd);
  } else {
    draft.blankLines.push({ start: line.start, end: line.end });
  }
  pushTrivia(draft, "newline", line.contentEnd, line.end);
  draft.end = line.end;
  return true;
}

function addLine(draft: Draft, start: number, line: Line): boolean {
  const cut = continuationIn(draft, start, line.contentEnd);
  const end = cut ?? line.contentEnd;
  if (end > start || draft.pieces.length === 0) {
    const piece = { at: draft.length, source: start };
    draft.pieces.push(piece);
    draft.segments.push({ kind: "text", piece, length: end - start });
    draft.texts.push(draft.text.slice(start, end));
    draft.length += end - start;
  }
  pushTrivia(draft, "continuation", end, line.contentEnd);
  pushTrivia(draft, "newline", line.contentEnd, line.end);
  draft.contentEnd = line.contentEnd;
  draft.end = line.end;
  return cut !== undefined;
}

/**
 * The position of the escape character that continues the line: the last non-blank, and not preceded by another one.
 */
function continuationIn(draft: Draft, start: number, end: number): number | undefined {
  const { text, escape } = draft;
  let last = end - 1;
  while (last >= start && (text[last] === " " || text[last] === "\t")) last--;
  if (last < start || text[last] !== escape) return undefined;
  return last > start && text[last - 1] === escape ? undefined : last;
}

function pushTrivia(draft: Draft, kind: TokenKind, start: number, end: number): void {
  if (end > start) draft.segments.push({ kind, span: { start, end } });
}
