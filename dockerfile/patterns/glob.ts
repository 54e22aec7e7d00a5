import { createAutomaton, type GlobStep } from "./globAutomaton.ts";
import { escapeTest, readRegexClass, type CodePointTest } from "./globClass.ts";
import { isGlobAccepted } from "./globSyntax.ts";

/** A compiled pattern of an ignore file. */
export interface Glob {
  /** True if the path itself matches. */
  matches(path: string): boolean;
  /** True if the path or a folder above it matches. */
  covers(path: string): boolean;
}

/**
 * Compiles a pattern; undefined if BuildKit rejects it. The matcher itself is created for the first path.
 * @see moby/patternmatcher patternmatcher.go compile
 */
export function compileGlob(pattern: string): Glob | undefined {
  if (!isGlobAccepted(pattern)) return undefined;
  // Only a class or an escape can still be rejected after this point.
  return /[[\]\\]/.test(pattern) ? readGlob(pattern) : lazyGlob(pattern);
}

function lazyGlob(pattern: string): Glob {
  let made: Glob | undefined;
  const needle = needleOf(pattern);
  const glob = (): Glob => (made ??= readGlob(pattern) ?? exactGlob(pattern));
  return {
    matches: (path) => path.includes(needle) && glob().matches(path),
    covers: (path) => path.includes(needle) && glob().covers(path),
  };
}

/** A text that every match contains: most patterns of a long file needn't be compiled for most paths. */
function needleOf(pattern: string): string {
  // A slash next to `**` may be absent, and a leading `^` isn't a character of the path.
  const texts = pattern.split(/[*?^]+/).map((text) => text.replace(/^\/+|\/+$/g, ""));
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

/** Compiles a pattern whose matching takes time proportional to the path's length. */
function readGlob(pattern: string): Glob | undefined {
  if (!/[*?[\]\\]/.test(pattern)) return exactGlob(pattern);
  const literalPrefix = pattern.endsWith("**") && !/[*?[\]\\]/.test(pattern.slice(0, -2)) ? pattern.slice(0, -2) : "";
  if (literalPrefix !== "") return prefixGlob(literalPrefix);
  if (pattern.startsWith("**") && !/[*?[\]\\]/.test(pattern.slice(2))) return suffixGlob(pattern.slice(2));
  const steps = readSteps(pattern);
  return steps && automatonGlob(steps);
}

function exactGlob(pattern: string): Glob {
  const matches = (path: string): boolean => path === pattern;
  return { matches, covers: (path) => matches(path) || path.startsWith(`${pattern}/`) };
}

/** A matcher for `folder/**`. */
function prefixGlob(prefix: string): Glob {
  const matches = (path: string): boolean => path.startsWith(prefix);
  return { matches, covers: matches };
}

/**
 * A matcher for `**` and a text: paths that end with the text, even in the middle of a name; with a leading slash also
 * the rest alone.
 */
function suffixGlob(suffix: string): Glob {
  const whole = suffix.startsWith("/") ? suffix.slice(1) : undefined;
  return {
    matches: (path) => path.endsWith(suffix) || path === whole,
    covers: (path) =>
      path.endsWith(suffix) ||
      path.includes(`${suffix}/`) ||
      path === whole ||
      (whole !== undefined && path.startsWith(`${whole}/`)),
  };
}

function automatonGlob(steps: readonly GlobStep[]): Glob {
  const automaton = createAutomaton(steps);
  return { matches: (path) => automaton.accepts(path, "whole"), covers: (path) => automaton.accepts(path, "folders") };
}

const notSlash: CodePointTest = (codePoint) => codePoint !== 0x2f;
const notNewline: CodePointTest = (codePoint) => codePoint !== 0x0a;

/**
 * Reads the steps of a pattern. BuildKit makes a regular expression of it, which gives a backslash, a class and `^`
 * their meaning.
 */
function readSteps(pattern: string): readonly GlobStep[] | undefined {
  const expression = Array.from(expressionOf(pattern));
  const steps: GlobStep[] = [];
  let position = 0;
  while (position < expression.length) {
    const read = readStep(expression, position);
    if (!read) return undefined;
    const isRepeated = expression[read.next] === "*";
    steps.push(
      ...(isRepeated
        ? read.steps.map((step): GlobStep => (step.kind === "one" ? { ...step, kind: "run" } : step))
        : read.steps),
    );
    position = isRepeated ? read.next + 1 : read.next;
  }
  return steps;
}

const folders = "(.*/)?";

function expressionOf(pattern: string): string {
  const output: string[] = [];
  for (let position = 0; position < pattern.length; position++) {
    const character = pattern[position] ?? "";
    if (character === "\\") output.push(pattern.slice(position, ++position + 1));
    else if (character === "?") output.push("[^/]");
    else if (character !== "*") output.push(/[.+()|{}$]/.test(character) ? `\\${character}` : character);
    else if (pattern[position + 1] !== "*") output.push("[^/]*");
    else {
      position += pattern[position + 2] === "/" ? 2 : 1;
      output.push(position + 1 >= pattern.length ? ".*" : folders);
    }
  }
  return output.join("");
}

interface ReadStep {
  readonly steps: readonly GlobStep[];
  readonly next: number;
}

function readStep(expression: readonly string[], position: number): ReadStep | undefined {
  const character = expression[position] ?? "";
  if (isNotSlash(expression, position)) return oneStep({ test: notSlash, next: position + 4 });
  if (character === "[") return oneStep(readRegexClass(expression, position + 1));
  if (character === "(") return { steps: [{ kind: "maybe" }, { kind: "folders" }], next: position + folders.length };
  if (character === "\\") {
    const test = escapeTest(expression[position + 1] ?? "");
    return oneStep(test && { test, next: position + 2 });
  }
  if (character === ".") return oneStep({ test: notNewline, next: position + 1 });
  // The expression starts with ^ anyway; elsewhere it never matches.
  if (character === "^")
    return position === 0 ? { steps: [], next: 1 } : oneStep({ test: () => false, next: position + 1 });
  const code = character.codePointAt(0);
  return oneStep({ test: (codePoint) => codePoint === code, next: position + 1 });
}

/** True for the translation of `*` and `?`. */
function isNotSlash(expression: readonly string[], position: number): boolean {
  return [..."[^/]"].every((character, at) => expression[position + at] === character);
}

function oneStep(read: { readonly test: CodePointTest; readonly next: number } | undefined): ReadStep | undefined {
  return read && { steps: [{ kind: "one", test: read.test }], next: read.next };
}
