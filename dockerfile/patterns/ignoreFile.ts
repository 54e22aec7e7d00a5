import { trim } from "../syntax/characters.ts";
import { cleanPath } from "../syntax/cleanPath.ts";
import { compileGlob } from "./glob.ts";
import { lineAt } from "../syntax/lines.ts";
import type { Span, SyntaxProblem } from "../syntax/syntax.ts";
import {
  maxIgnorePatternCharacters,
  maxIgnorePatterns,
  tooLongPattern,
  tooManyPatterns,
  type ExcessPatterns,
} from "./ignoreLimits.ts";

/**
 * A `.dockerignore` file. The order of the patterns matters: the last that matches a path, or a folder above it,
 * decides.
 */
export interface IgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  /** Comment lines, from their `#`. */
  readonly comments: readonly Span[];
  readonly problems: readonly SyntaxProblem[];
  /** Parts beyond the limits, which aren't among the patterns: the file's result then differs from a build's. */
  readonly excess: readonly ExcessPatterns[];
  /** True if some pattern re-includes paths. */
  readonly hasExceptions: boolean;
  /**
   * True if the path is excluded. `path` is relative to the context and separated by slashes. Time grows linearly with
   * the path and the patterns.
   */
  isIgnored(path: string): boolean;
  /** The pattern that decides: an ignoring one, or an exception; undefined if none matches. */
  decidingPattern(path: string): IgnorePattern | undefined;
  /** The same in steps of at most some milliseconds, for files from untrusted sources. */
  decidingInSteps(path: string): Generator<undefined, IgnorePattern | undefined>;
}

export interface IgnorePattern {
  /** As written, without leading and trailing blanks. */
  readonly text: string;
  /** Normalized: without `!`, a leading slash, `.` and `..`. */
  readonly pattern: string;
  readonly isException: boolean;
  readonly span: Span;
  /** True if the path itself matches, regardless of the folders above it. */
  matches(path: string): boolean;
  /** True if the path or a folder above it matches. */
  covers(path: string): boolean;
}

/**
 * Reads an ignore file as BuildKit does. A bad pattern, which BuildKit rejects, is a problem and doesn't match
 * anything.
 * @see moby/patternmatcher ignorefile/ignorefile.go, patternmatcher.go
 */
export function parseIgnoreFile(text: string): IgnoreFile {
  const parts: Parts = { patterns: [], comments: [], problems: [], excess: [] };
  const { patterns } = parts;
  let position = text.startsWith("\uFEFF") ? 1 : 0;
  for (let line = lineAt(text, position); line; line = lineAt(text, position)) {
    position = line.end;
    if (text[line.start] === "#") parts.comments.push({ start: line.start, end: line.contentEnd });
    else readLine(text, trim(text, line.start, line.contentEnd), parts);
  }
  const decidingPattern = (path: string): IgnorePattern | undefined => {
    const deciding = decide(patterns, path);
    let step = deciding.next();
    while (!step.done) step = deciding.next();
    return step.value;
  };
  return {
    ...parts,
    decidingPattern,
    decidingInSteps: (path) => decide(patterns, path),
    hasExceptions: patterns.some(({ isException }) => isException),
    isIgnored: (path) => decidingPattern(path)?.isException === false,
  };
}

interface Parts {
  readonly patterns: IgnorePattern[];
  readonly comments: Span[];
  readonly problems: SyntaxProblem[];
  readonly excess: ExcessPatterns[];
}

// Each is shown in the file.
const maxExcess = 100;

function readLine(file: string, span: Span, parts: Parts): void {
  const { patterns, problems, excess } = parts;
  if (span.end === span.start) return;
  if (span.end - span.start > maxIgnorePatternCharacters) {
    if (excess.length < maxExcess) excess.push({ span, reason: tooLongPattern });
  } else if (patterns.length + problems.length < maxIgnorePatterns) readPattern(file, span, parts);
  else if (excess.at(-1)?.reason !== tooManyPatterns) excess.push({ span, reason: tooManyPatterns });
}

function readPattern(file: string, span: Span, { patterns, problems }: Parts): void {
  const text = file.slice(span.start, span.end);
  const { pattern, isException } = normalise(text);
  const glob = pattern === "" ? undefined : compileGlob(pattern);
  if (glob) patterns.push({ text, pattern, isException, span, matches: glob.matches, covers: glob.covers });
  else problems.push({ kind: "other", span, message: pattern === "" ? loneException : badPattern });
}

const loneException =
  "A lone ! restores nothing, and BuildKit rejects the file; write a path after it or remove the line";
const badPattern =
  "BuildKit can't read this pattern: a bracket is not closed, or a backslash escapes nothing; escape the bracket with a backslash, or use slashes in paths";

/** BuildKit normalizes twice: when it reads the file, without the `!`, and again with it. */
function normalise(text: string): { pattern: string; isException: boolean } {
  const isException = text.startsWith("!");
  const written = isException ? trimmed(text.slice(1)) : text;
  if (written === "") return { pattern: "", isException };
  const cleaned = cleanPath(written);
  const relative = cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned;
  const again = cleanPath(isException ? `!${relative}` : relative);
  // A second ! only comes to the front by normalizing, and also makes an exception.
  return again.startsWith("!")
    ? { pattern: again.slice(1), isException: true }
    : { pattern: again, isException: false };
}

/** Finds the deciding pattern, without trying those that can't change the outcome. */
function* decide(patterns: readonly IgnorePattern[], path: string): Generator<undefined, IgnorePattern | undefined> {
  const cleaned = cleanPath(path).replace(/^\//, "");
  // The context itself can't be excluded.
  if (cleaned === "." || cleaned === "") return undefined;
  let deciding: IgnorePattern | undefined;
  let work = 0;
  for (const pattern of patterns) {
    const isIgnored = deciding?.isException === false;
    if (pattern.isException !== isIgnored) continue;
    if (pattern.covers(cleaned)) deciding = pattern;
    work += pattern.pattern.length * (cleaned.length + compileWork) + compileWork;
    if (work < maxStepWork) continue;
    work = 0;
    yield undefined;
  }
  return deciding;
}

// The cost of compiling a pattern in addition to matching, in the same unit.
const compileWork = 100;
// Characters of patterns times those of the path: some milliseconds.
const maxStepWork = 300_000;

function trimmed(text: string): string {
  const { start, end } = trim(text, 0, text.length);
  return text.slice(start, end);
}
