import { ignoreEffects, type PatternEffect } from "../../context/ignoreEffects.ts";
import type { ContextFilesFact } from "../../facts/fact.ts";
import type { IgnorePattern } from "../../patterns/ignoreFile.ts";
import type { Change } from "../../edit/change.ts";
import type { IgnoreDocument } from "./document.ts";
import type { IgnoreLintInput } from "./rule.ts";

/** A pattern and its effect in the build context. */
export interface JudgedPattern {
  readonly index: number;
  readonly pattern: IgnorePattern;
  /** Absent if not all files of the context are known. */
  readonly effect?: PatternEffect;
}

/** The context of an ignore file, if all of its files are known. */
export function knownContext({ facts }: IgnoreLintInput): ContextFilesFact | undefined {
  const fact = facts.get({ kind: "contextFiles" });
  return fact.state === "known" && !fact.value.isTruncated && !fact.value.unreadFolders ? fact.value : undefined;
}

/** The patterns of a file, in order. Empty if there are too many to compare, which oversized-ignore-file reports. */
export function judgedPatterns(input: IgnoreLintInput): readonly JudgedPattern[] {
  if (isTooMany(input.file)) return [];
  const { patterns } = input.file;
  const context = knownContext(input);
  const effects = context && ignoreEffects(context, patterns);
  return patterns.map((pattern, index) => ({ index, pattern, ...(effects?.[index] && { effect: effects[index] }) }));
}

/** True if comparing the patterns with each other would cause a noticeable delay. */
export function isTooMany({ patterns }: IgnoreDocument): boolean {
  return patterns.length > maxCompared;
}

// Comparing every pair takes some tenths of a second.
const maxCompared = 2_000;

/** True if the pattern certainly matches nothing. */
export function matchesNothing({ effect }: JudgedPattern): boolean {
  return effect !== undefined && effect.matched.length === 0 && effect.unlisted === undefined;
}

/** A pattern as messages refer to it: `line 3 (*.log)`. */
export function named({ text, patterns }: IgnoreDocument, index: number): string {
  const pattern = patterns[index];
  return pattern ? `line ${lineOf(text, pattern.span.start)} (${pattern.text})` : "another line";
}

/** True without `*`, `?`, a class or an escape. */
export function isLiteral({ pattern }: IgnorePattern): boolean {
  return !/[*?[\]\\]/.test(pattern);
}

/** Deletes a pattern's line. */
export function withoutLine({ text }: IgnoreDocument, { span }: IgnorePattern): Change {
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const newline = text.indexOf("\n", span.end);
  return {
    span: {
      start: text.startsWith("\uFEFF") ? Math.max(start, 1) : start,
      end: newline < 0 ? text.length : newline + 1,
    },
    text: "",
  };
}

/** The line ending that the file uses. */
export function newlineOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** True for what looks like two patterns on one line, or a misused backslash: other rules report these. */
export function isMiswritten({ text }: IgnorePattern): boolean {
  return /\s/.test(text.replace(/^!\s*/, "")) || text.startsWith("#") || misusedBackslash.test(text);
}

/** A backslash before a character that doesn't need one. */
export const misusedBackslash = /\\(?=[\w.-])/;

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
