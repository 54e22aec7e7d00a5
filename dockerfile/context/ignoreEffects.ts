import type { ContextFilesFact } from "../facts/fact.ts";
import { parseIgnoreFile, type IgnorePattern } from "../patterns/ignoreFile.ts";
import { indexOf, maxComparisons, type ContextIndex, type PositionRange } from "./contextIndex.ts";
import { compileGoMatch } from "./goMatch.ts";
import { nameOf } from "./matchSource.ts";

/** The effect of one pattern of an ignore file in a context. */
export interface PatternEffect {
  /** Positions of the topmost paths that it matches. */
  readonly matched: readonly number[];
  /**
   * The number of paths that the pattern turns from included to excluded; for an exception, from excluded to included.
   */
  readonly changed: number;
  /** The number of those that no later pattern changes again. */
  readonly remaining: number;
  /** The index of an earlier pattern that already had the same effect on something it matches. */
  readonly earlier?: number;
  /** The index of a later pattern that reversed some of it. */
  readonly later?: number;
  /**
   * For an exception: the index of a later pattern, if later patterns exclude everything it matches, again or for the
   * first time.
   */
  readonly leftOutBy?: number;
  /** A folder whose content isn't listed because it is ignored, and which may contain matches of the pattern. */
  readonly unlisted?: string;
}

/**
 * Applies the patterns in order to all listed paths; undefined if there are too many of them. Remembered with the
 * context.
 */
export function ignoreEffects(
  fact: ContextFilesFact,
  patterns: readonly IgnorePattern[],
): readonly PatternEffect[] | undefined {
  const index = indexOf(fact);
  const compared = patterns.filter(({ pattern }) => metaCharacters.test(pattern)).length;
  if (compared * index.files.length > maxComparisons) return undefined;
  return index.memo(`effects ${JSON.stringify(patterns.map(({ text }) => text))}`, () => play(index, patterns));
}

/** Positions of the topmost paths that a pattern matches. Remembered with the context. */
export function matchPattern(index: ContextIndex, pattern: IgnorePattern): readonly number[] {
  return index.memo(`pattern ${pattern.pattern}`, () => findMatches(index, pattern));
}

interface Counts {
  changed: number;
  remaining: number;
  earlier?: number;
  later?: number;
}

function play(index: ContextIndex, patterns: readonly IgnorePattern[]): readonly PatternEffect[] {
  // The pattern that decides each path so far; -1 if none does.
  const deciding = new Int32Array(index.files.length).fill(-1);
  const counts = patterns.map((): Counts => ({ changed: 0, remaining: 0 }));
  const matches = patterns.map((pattern) => matchPattern(index, pattern));
  for (const [at, matched] of matches.entries()) {
    for (const top of matched) apply({ patterns, counts, deciding }, at, top, index.ends[top] ?? top);
  }
  for (const at of deciding) {
    const decider = at < 0 ? undefined : counts[at];
    if (decider) decider.remaining++;
  }
  const folders = unlistedFolders(index).map((at) => ({
    path: index.files[at]?.path ?? "",
    decider: deciding[at] ?? -1,
  }));
  const hasExceptions = patterns.some(({ isException }) => isException);
  return counts.map((count, at) => {
    const pattern = patterns[at];
    // A folder excluded as a whole, without exceptions, stays so whatever else matches in it.
    const open = folders.filter(({ decider }) => hasExceptions || decider < 0 || decider === at);
    const unlisted = pattern && open.find(({ path }) => mayMatchInside(pattern.pattern, path))?.path;
    const leftOutBy = pattern?.isException
      ? laterIgnoring({ patterns, counts, deciding }, at, rangesOf(index, matches[at] ?? []))
      : undefined;
    return {
      matched: matches[at] ?? [],
      ...count,
      ...(leftOutBy !== undefined && { leftOutBy }),
      ...(unlisted !== undefined && { unlisted }),
    };
  });
}

interface State {
  readonly patterns: readonly IgnorePattern[];
  readonly counts: readonly Counts[];
  readonly deciding: Int32Array;
}

function apply({ patterns, counts, deciding }: State, at: number, start: number, end: number): void {
  const own = counts[at];
  const isException = patterns[at]?.isException;
  if (!own) return;
  for (let path = start; path < end; path++) {
    const decider = deciding[path] ?? -1;
    // A lookup of a missing key is slow, and most paths aren't decided by any pattern.
    const isIgnored = decider >= 0 && patterns[decider]?.isException === false;
    if (isException === isIgnored) {
      if (decider >= 0) markUndone(counts[decider], at);
      deciding[path] = at;
      own.changed++;
    } else if (decider >= 0) own.earlier ??= decider;
  }
}

function markUndone(undone: Counts | undefined, by: number): void {
  if (undone) undone.later ??= by;
}

function rangesOf(index: ContextIndex, tops: readonly number[]): readonly PositionRange[] {
  return tops.map((start) => ({ start, end: index.ends[start] ?? start }));
}

/** The later pattern that excludes all of it; undefined if some of it ends up included. */
function laterIgnoring(
  { patterns, deciding }: State,
  at: number,
  ranges: readonly PositionRange[],
): number | undefined {
  let later: number | undefined;
  for (const { start, end } of ranges) {
    for (let path = start; path < end; path++) {
      const decider = deciding[path] ?? -1;
      if (decider <= at || patterns[decider]?.isException !== false) return undefined;
      later ??= decider;
    }
  }
  return later;
}

/** Ignored folders whose content wasn't listed. */
function unlistedFolders(index: ContextIndex): readonly number[] {
  return index.memo("unlisted folders", () => {
    if (parseIgnoreFile(index.fact.ignoreText ?? "").hasExceptions) return [];
    return index.files.flatMap(({ kind, isIgnored }, at) =>
      kind === "directory" && isIgnored && index.ends[at] === at + 1 ? [at] : [],
    );
  });
}

function mayMatchInside(pattern: string, folder: string): boolean {
  const parts = pattern.split("/");
  const wild = parts.findIndex((part) => metaCharacters.test(part));
  const prefix = parts.slice(0, wild < 0 ? -1 : wild).join("/");
  const isOnTheWay =
    prefix === "" || prefix === folder || prefix.startsWith(`${folder}/`) || folder.startsWith(`${prefix}/`);
  return isOnTheWay && (pattern.includes("**") || parts.length > folder.split("/").length);
}

const metaCharacters = /[*?[\]\\]/;

function findMatches(index: ContextIndex, pattern: IgnorePattern): readonly number[] {
  const { pattern: text } = pattern;
  if (!metaCharacters.test(text)) return [index.positionOf(text)].filter((at) => at !== undefined);
  // A class may match a slash, and a backslash follows the rules of regular expressions. Every path is therefore tried
  // as a whole.
  if (/[[\]\\]/.test(text)) return scan(index, "", (path) => pattern.matches(path));
  if (!text.includes("**")) return descend(index, undefined, text.split("/"));
  const [first, ...rest] = text.split("/");
  if (first === "**" && rest.length === 1 && rest[0] !== undefined && !rest[0].includes("**"))
    return scanNames(index, rest[0]);
  const parts = text.split("/");
  return scan(
    index,
    parts
      .slice(
        0,
        parts.findIndex((part) => metaCharacters.test(part)),
      )
      .join("/"),
    (path) => pattern.matches(path),
  );
}

/** The matches below a folder, without the insides of those matches. */
function scan(index: ContextIndex, folder: string, matches: (path: string) => boolean): readonly number[] {
  const { start, end } = folderRange(index, folder);
  const found: number[] = [];
  for (let at = start; at < end;) {
    const isMatch = matches(index.files[at]?.path ?? "");
    if (isMatch) found.push(at);
    at = isMatch ? (index.ends[at] ?? end) : at + 1;
  }
  return found;
}

/** The range of a folder, including the folder itself; empty if it doesn't exist. */
function folderRange(index: ContextIndex, folder: string): PositionRange {
  if (folder === "") return { start: 0, end: index.files.length };
  const start = index.positionOf(folder);
  return start === undefined ? { start: 0, end: 0 } : { start, end: index.ends[start] ?? start };
}

function scanNames(index: ContextIndex, name: string): readonly number[] {
  const glob = metaCharacters.test(name) ? compileGoMatch(name) : undefined;
  return scan(index, "", (path) => {
    if (!glob)
      return path.endsWith(name) && (path.length === name.length || path[path.length - name.length - 1] === "/");
    return glob.test(path.slice(path.lastIndexOf("/") + 1));
  });
}

/** Without `**` a pattern has as many parts as the paths it matches. */
function descend(
  index: ContextIndex,
  folder: number | undefined,
  [part = "", ...rest]: readonly string[],
): readonly number[] {
  const found = metaCharacters.test(part) ? matchingChildren(index, folder, part) : namedChild(index, folder, part);
  return rest.length === 0 ? found : found.flatMap((at) => descend(index, at, rest));
}

function matchingChildren(index: ContextIndex, folder: number | undefined, part: string): readonly number[] {
  const glob = compileGoMatch(part);
  return glob ? [...index.children(folder)].filter((at) => glob.test(nameOf(index.files[at]))) : [];
}

function namedChild(index: ContextIndex, folder: number | undefined, name: string): readonly number[] {
  const parent = folder === undefined ? undefined : index.files[folder]?.path;
  const at = index.positionOf(parent === undefined ? name : `${parent}/${name}`);
  return at === undefined ? [] : [at];
}
