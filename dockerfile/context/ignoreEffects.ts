import type { ContextFilesFact } from "../facts/fact.ts";
import { parseIgnoreFile, type IgnorePattern } from "../patterns/ignoreFile.ts";
import { indexOf, maxComparisons, type ContextIndex, type PositionRange } from "./contextIndex.ts";
import { compileGoMatch } from "./goMatch.ts";
import { nameOf } from "./matchSource.ts";

/** What one pattern of an ignore file does in a context. */
export interface PatternEffect {
  /** Positions of the topmost paths that it matches. */
  readonly matched: readonly number[];
  /** Paths that were in before it and out behind it; of an exception the other way round. */
  readonly changed: number;
  /** Of those, the ones that no later pattern changes again. */
  readonly remaining: number;
  /** Index of a pattern before it that had decided the same for something it matches. */
  readonly earlier?: number;
  /** Index of a pattern behind it that changed something back. */
  readonly later?: number;
  /** Of an exception: index of a later pattern, where such ones leave out again, or only then, all that it matches. */
  readonly leftOutBy?: number;
  /** A folder whose content is not listed, as it is ignored, and may hold what the pattern means. */
  readonly unlisted?: string;
}

/** Plays the patterns through, in their order, on all paths that are listed; undefined if they are too many for that. Remembered with the context. */
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
  // The pattern that decides each path so far; -1 for none.
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
    // What is left out as a whole, with nothing taken back, stays so whatever else matches in it.
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
    // Looking up what is not there takes long, and most paths are decided by none.
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

/** Undefined where some of it is in after all. */
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

/** Ignored folders that were not looked into. */
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
  // A class may match a slash, a backslash is read as regular expressions read it: then every path is tried as a whole.
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

/** Everything below a folder, the insides of what matches left out. */
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

/** With the folder itself; empty where there is none. */
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

/** Without `**` a pattern has as many parts as what it matches. */
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
