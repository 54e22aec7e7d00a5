import { lineAt } from "./lines.ts";
import { spanOf, type Range } from "./logicalText.ts";
import { lexShell } from "./expand/lexer.ts";
import type { Heredoc, LogicalText, Token } from "./syntax.ts";
import { pushToken } from "./tokens.ts";

/** `<<-"EOF"` as it appears in the logical text of an instruction. */
export interface HeredocMark extends Range {
  readonly name: string;
  readonly isExpanded: boolean;
  readonly stripsTabs: boolean;
  readonly fileDescriptor?: number;
}

/**
 * The heredocs that a logical line begins; empty if its quotes or variables can't be read, as in BuildKit.
 * @see moby/buildkit frontend/dockerfile/parser/parser.go heredocsFromLine
 */
export function heredocMarks(line: string): HeredocMark[] {
  if (!line.includes("<<")) return [];
  // Always the backslash, whatever the escape directive says.
  const { words } = lexShell(line, {
    escape: "\\",
    lookup: () => undefined,
    keepsQuotes: true,
    keepsEscapes: true,
    keepsUnset: true,
  });
  return words.flatMap((word) => {
    const mark = word.text.includes("<<") ? heredocMark(word.text) : undefined;
    return mark ? [{ ...mark, start: word.start, end: word.end }] : [];
  });
}

/** True if a word on its own is a heredoc. */
export function isHeredocWord(word: string): boolean {
  return heredocMark(word) !== undefined;
}

/**
 * Reads the bodies after an instruction's head, in order; the first unterminated one takes the rest of the file.
 * Returns the position to continue from.
 */
export function readHeredocs(
  text: string,
  marks: readonly HeredocMark[],
  logical: LogicalText,
  start: number,
): { heredocs: Heredoc[]; end: number } {
  const heredocs: Heredoc[] = [];
  let position = start;
  for (const mark of marks) {
    const read = readHeredoc(text, mark, logical, position);
    heredocs.push(read.heredoc);
    position = read.end;
  }
  return { heredocs, end: position };
}

/** Adds the tokens of heredoc bodies and their ends. */
export function pushHeredocs(tokens: Token[], text: string, heredocs: readonly Heredoc[]): void {
  for (const { body, end } of heredocs) {
    pushToken(tokens, "heredocBody", body.start, body.end);
    if (!end) continue;
    pushToken(tokens, "heredocEnd", end.start, end.end);
    pushToken(tokens, "newline", end.end, lineAt(text, end.start)?.end ?? end.end);
  }
}

const heredocHead = /^(?<descriptor>[0-9]*)<<(?<dash>-?)[\t\n\f\r ]*/;

function heredocMark(word: string): Omit<HeredocMark, "start" | "end"> | undefined {
  const head = heredocHead.exec(word);
  const name = head && heredocName(word.slice(head[0].length));
  if (!head || !name) return undefined;
  const descriptor = head.groups?.["descriptor"] ?? "";
  return {
    ...name,
    stripsTabs: head.groups?.["dash"] === "-",
    ...(descriptor === "" ? {} : { fileDescriptor: Number(descriptor) }),
  };
}

/** The heredoc's name: a single word without `<`. If it was quoted, the body isn't expanded. */
function heredocName(text: string): Pick<HeredocMark, "name" | "isExpanded"> | undefined {
  if (text === "" || text.includes("<")) return undefined;
  const options = { escape: "\\", lookup: () => undefined, keepsUnset: true };
  const { words, failure } = lexShell(text, options);
  const [name] = words;
  if (failure || !name || words.length !== 1) return undefined;
  const [raw] = lexShell(text, { ...options, keepsQuotes: true }).words;
  return { name: name.text, isExpanded: quotesIn(name.text) === quotesIn(raw?.text ?? "") };
}

function quotesIn(text: string): number {
  return text.replaceAll(/[^'"]/g, "").length;
}

function readHeredoc(
  text: string,
  mark: HeredocMark,
  logical: LogicalText,
  start: number,
): { heredoc: Heredoc; end: number } {
  const { name, isExpanded, stripsTabs, fileDescriptor } = mark;
  const common = {
    name,
    isExpanded,
    stripsTabs,
    span: spanOf(logical, mark),
    ...(fileDescriptor === undefined ? {} : { fileDescriptor }),
  };
  for (let line = lineAt(text, start); line; line = lineAt(text, line.end)) {
    let from = line.start;
    while (stripsTabs && text[from] === "\t" && from < line.contentEnd) from++;
    if (line.contentEnd - from !== name.length || !text.startsWith(name, from)) continue;
    return {
      heredoc: { ...common, body: { start, end: line.start }, end: { start: line.start, end: line.contentEnd } },
      end: line.end,
    };
  }
  return { heredoc: { ...common, body: { start, end: text.length } }, end: text.length };
}
