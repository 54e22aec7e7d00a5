import { trim } from "../syntax/characters.ts";
import { cleanPath } from "../syntax/cleanPath.ts";
import { compileGlob } from "./glob.ts";
import { lineAt } from "../syntax/lines.ts";
import type { Span, SyntaxProblem } from "../syntax/syntax.ts";

/** A `.dockerignore` file. Patterns count in order: the last that matches a path, or a folder above it, decides. */
export interface IgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  /** Comment lines, from the `#` on. */
  readonly comments: readonly Span[];
  readonly problems: readonly SyntaxProblem[];
  /** Some pattern takes paths back in. */
  readonly hasExceptions: boolean;
  /** `path` is relative to the context and separated by slashes. Time grows linearly with the path and the patterns. */
  isIgnored(path: string): boolean;
  /** The pattern that decides: an ignoring one, or an exception; undefined where none matches. */
  decidingPattern(path: string): IgnorePattern | undefined;
}

export interface IgnorePattern {
  /** As written, blanks at the ends left out. */
  readonly text: string;
  /** Cleaned: no `!`, no leading slash, no `.` and `..`. */
  readonly pattern: string;
  readonly isException: boolean;
  readonly span: Span;
  /** Whether the path itself matches; folders above it are not looked at. */
  matches(path: string): boolean;
  /** Whether the path or a folder above it matches. */
  covers(path: string): boolean;
}

/** Reads an ignore file as BuildKit does. A bad pattern, which BuildKit refuses, is a problem and matches nothing. @see moby/patternmatcher ignorefile/ignorefile.go, patternmatcher.go */
export function parseIgnoreFile(text: string): IgnoreFile {
  const patterns: IgnorePattern[] = [];
  const comments: Span[] = [];
  const problems: SyntaxProblem[] = [];
  let position = text.startsWith("\uFEFF") ? 1 : 0;
  for (let line = lineAt(text, position); line; line = lineAt(text, position)) {
    position = line.end;
    if (text[line.start] === "#") comments.push({ start: line.start, end: line.contentEnd });
    else readPattern(text, { start: line.start, end: line.contentEnd }, patterns, problems);
  }
  const decidingPattern = (path: string): IgnorePattern | undefined => decide(patterns, path);
  return {
    patterns,
    comments,
    problems,
    decidingPattern,
    hasExceptions: patterns.some(({ isException }) => isException),
    isIgnored: (path) => decidingPattern(path)?.isException === false,
  };
}

function readPattern(file: string, line: Span, patterns: IgnorePattern[], problems: SyntaxProblem[]): void {
  const span = trim(file, line.start, line.end);
  if (span.end === span.start) return;
  const text = file.slice(span.start, span.end);
  const { pattern, isException } = normalise(text);
  const glob = pattern === "" ? undefined : compileGlob(pattern);
  if (glob) patterns.push({ text, pattern, isException, span, matches: glob.matches, covers: glob.covers });
  else if (pattern === "")
    problems.push({
      kind: "other",
      span,
      message:
        "A lone ! takes nothing back in, and BuildKit refuses the file; write a path behind it or remove the line",
    });
  else
    problems.push({
      kind: "other",
      span,
      message:
        "BuildKit cannot read this pattern: a bracket is not closed, or a backslash escapes nothing; escape the bracket with a backslash, or use slashes in paths",
    });
}

/** BuildKit cleans twice: once when it reads the file, with the `!` set aside, and once more with it. */
function normalise(text: string): { pattern: string; isException: boolean } {
  const isException = text.startsWith("!");
  const written = isException ? trimmed(text.slice(1)) : text;
  if (written === "") return { pattern: "", isException };
  const cleaned = cleanPath(written);
  const relative = cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned;
  const again = cleanPath(isException ? `!${relative}` : relative);
  // A second ! can only come to the front by cleaning: it makes an exception too.
  return again.startsWith("!")
    ? { pattern: again.slice(1), isException: true }
    : { pattern: again, isException: false };
}

/** A pattern that cannot change the outcome is not tried. */
function decide(patterns: readonly IgnorePattern[], path: string): IgnorePattern | undefined {
  const cleaned = cleanPath(path).replace(/^\//, "");
  // The context itself cannot be left out.
  if (cleaned === "." || cleaned === "") return undefined;
  let deciding: IgnorePattern | undefined;
  for (const pattern of patterns) {
    const isIgnored = deciding?.isException === false;
    if (pattern.isException === isIgnored && pattern.covers(cleaned)) deciding = pattern;
  }
  return deciding;
}

function trimmed(text: string): string {
  const { start, end } = trim(text, 0, text.length);
  return text.slice(start, end);
}
