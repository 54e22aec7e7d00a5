import type { ContextFile, ContextFilesFact } from "../facts/fact.ts";
import { cleanPath } from "../syntax/cleanPath.ts";
import { compileGlob } from "../patterns/glob.ts";
import { parseIgnoreFile, type IgnoreFile } from "../patterns/ignoreFile.ts";
import { indexOf, maxComparisons, type ContextIndex, type PositionRange } from "./contextIndex.ts";
import { compileGoMatch, hasWildcard } from "./goMatch.ts";

/** The files of the build context that a source of COPY or ADD refers to. */
export interface MatchedSource {
  readonly source: string;
  /** Normalized: relative to the context's root, "" for all of it. */
  readonly path: string;
  /**
   * Positions of what the source names and a build sends: one file or directory, or every match of a pattern. Empty if
   * the source names the whole context.
   */
  readonly matched: readonly number[];
  /** Positions of what the source names and the ignore file excludes. */
  readonly ignored: readonly number[];
  /** The ranges in the index of everything copied, including ignored files. They don't overlap. */
  readonly ranges: readonly PositionRange[];
}

/** The number and size of the copied files. */
export interface CopiedFiles {
  /** Regular files. */
  readonly count: number;
  /** Hard links of the context stay hard links in the layer, and count once. */
  readonly bytes: number;
}

/** "parents" means `COPY --parents`, in which `**` matches any number of folders. */
export type SourceStyle = "plain" | "parents";

/**
 * Finds a COPY source as BuildKit does: normalized to the context's root, with links followed within it, and patterns
 * matched by Go's filepath.Match. Remembered with the context.
 */
export function matchSource(fact: ContextFilesFact, source: string, style: SourceStyle = "plain"): MatchedSource {
  const index = indexOf(fact);
  return index.memo(`${style} source ${source}`, () => findSource(index, source, style));
}

/** True if the source names the context as a whole. */
export function isWholeContext(source: string): boolean {
  return cleanSource(source) === "";
}

/** The path relative to the context's root; `..` stops there, because a build can't leave its context. */
export function cleanSource(source: string): string {
  return cleanPath(`/${source}`).slice(1);
}

/**
 * Counts the files that sources copy; `excludes` are `--exclude` patterns, matched like those of an ignore file on the
 * path below the copied directory.
 */
export function countCopied(
  fact: ContextFilesFact,
  matches: readonly MatchedSource[],
  excludes: readonly string[],
): CopiedFiles {
  const index = indexOf(fact);
  const ranges =
    excludes.length === 0
      ? matches.flatMap((match) => match.ranges)
      : index.memo(`copied ${JSON.stringify([matches.map(({ source, ranges }) => [source, ranges]), excludes])}`, () =>
          withoutExcluded(index, matches, excludes),
        );
  return { count: ranges.reduce((sum, range) => sum + index.countSent(range), 0), bytes: index.bytesSent(ranges) };
}

/** True if `--exclude` excludes the entry at a position. */
export function isExcluded(
  fact: ContextFilesFact,
  match: MatchedSource,
  excludes: readonly string[],
  position: number,
): boolean {
  if (excludes.length === 0) return false;
  const index = indexOf(fact);
  return excludedIn(index, excludes).isIgnored(pathBelow(match.path, index.files[position]?.path ?? ""));
}

/**
 * The reason why the patterns of `--exclude` aren't applied to a context: they exceed what one request may take.
 * Completes "it has …".
 */
export function excessOf(fact: ContextFilesFact, excludes: readonly string[]): string | undefined {
  if (excludes.length * fact.files.length > maxComparisons)
    return "more --exclude patterns than are applied to so many files";
  const [excess] = excludes.length === 0 ? [] : excludedIn(indexOf(fact), excludes).excess;
  return excess && `${excess.reason} in --exclude`;
}

function excludedIn(index: ContextIndex, excludes: readonly string[]): IgnoreFile {
  return index.memo(`excludes ${JSON.stringify(excludes)}`, () => parseIgnoreFile(excludes.join("\n")));
}

/** Resolves the links of a path within the context. Undefined if the result isn't listed. */
export function resolvePath(index: ContextIndex, path: string): number | undefined {
  let parts = path.split("/");
  let folder = "";
  for (let hops = 0; parts.length > 0;) {
    const [name = "", ...rest] = parts;
    const at = index.positionOf(folder === "" ? name : `${folder}/${name}`);
    const file = at === undefined ? undefined : index.files[at];
    if (!file) return undefined;
    if (file.kind !== "symlink") {
      if (rest.length === 0) return at;
      folder = file.path;
      parts = rest;
      continue;
    }
    hops++;
    const target = linkedPath(file);
    if (hops > maxHops || target === "") return undefined;
    parts = [...target.split("/"), ...rest];
    folder = "";
  }
  return undefined;
}

// The limit at which Linux fails with ELOOP.
const maxHops = 40;

function linkedPath({ path, linkTarget = "" }: ContextFile): string {
  return cleanSource(
    linkTarget.startsWith("/") ? linkTarget : `${path.split("/").slice(0, -1).join("/")}/${linkTarget}`,
  );
}

function findSource(index: ContextIndex, source: string, style: SourceStyle): MatchedSource {
  const path = cleanSource(source);
  if (path === "") return { source, path, matched: [], ignored: [], ranges: [{ start: 0, end: index.files.length }] };
  const positions = hasWildcard(path)
    ? expand(index, path, style)
    : [resolvePath(index, path)].filter((at) => at !== undefined);
  const matched = positions.filter((at) => index.isSent(at));
  return {
    source,
    path,
    matched,
    ignored: positions.filter((at) => !index.isSent(at)),
    ranges: disjoint(matched.flatMap((at) => rangeOf(index, at) ?? [])),
  };
}

/** The range copied for a match: the directory and everything below it, the file, or the target of a link. */
function rangeOf(index: ContextIndex, at: number): PositionRange | undefined {
  const file = index.files[at];
  const target = file?.kind === "symlink" ? resolvePath(index, file.path) : at;
  return target === undefined ? undefined : { start: target, end: index.ends[target] ?? target };
}

function disjoint(ranges: readonly PositionRange[]): readonly PositionRange[] {
  const apart: PositionRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (range.start >= (apart.at(-1)?.end ?? 0)) apart.push(range);
  }
  return apart;
}

function expand(index: ContextIndex, pattern: string, style: SourceStyle): readonly number[] {
  if (style === "parents") return expandAnywhere(index, pattern, compileGlob(pattern.replace("/./", "/"))?.matches);
  // Only in a class can a slash be matched.
  const whole = /\[\^|\[[^\]]*\//.test(pattern) ? compileGoMatch(pattern) : undefined;
  if (whole) return expandAnywhere(index, pattern, (path) => whole.test(path));
  const parts = pattern.split("/");
  const wild = parts.findIndex((part) => hasWildcard(part));
  // Links are followed up to the first part that is a pattern, but not those that a pattern finds.
  const folder = wild === 0 ? undefined : resolvePath(index, parts.slice(0, wild).join("/"));
  return wild > 0 && folder === undefined ? [] : expandParts(index, folder, parts.slice(wild));
}

/** Finds matches among all paths below the pattern's literal folders. */
function expandAnywhere(
  index: ContextIndex,
  pattern: string,
  matches: ((path: string) => boolean) | undefined,
): readonly number[] {
  if (!matches) return [];
  const folders = pattern.split("/");
  const literal = folders
    .slice(
      0,
      folders.findIndex((part) => hasWildcard(part)),
    )
    .join("/");
  const start = literal === "" ? 0 : index.positionOf(literal);
  if (start === undefined) return [];
  const found: number[] = [];
  for (let at = start; at < (literal === "" ? index.files.length : (index.ends[start] ?? start)); at++)
    if (matches(index.files[at]?.path ?? "")) found.push(at);
  return found;
}

/** Finds matches folder by folder: `*` and `?` stop at slashes. */
function expandParts(
  index: ContextIndex,
  folder: number | undefined,
  [part = "", ...rest]: readonly string[],
): readonly number[] {
  const found = hasWildcard(part) ? matchingChildren(index, folder, part) : literalChild(index, folder, part);
  return rest.length === 0 ? found : found.flatMap((at) => expandParts(index, at, rest));
}

function literalChild(index: ContextIndex, folder: number | undefined, name: string): readonly number[] {
  const parent = folder === undefined ? undefined : index.files[folder]?.path;
  const at = index.positionOf(parent === undefined ? name : `${parent}/${name}`);
  return at === undefined ? [] : [at];
}

function matchingChildren(index: ContextIndex, folder: number | undefined, part: string): readonly number[] {
  const glob = compileGoMatch(part);
  if (!glob) return [];
  return [...index.children(folder)].filter((at) => glob.test(nameOf(index.files[at])));
}

/** The last part of a path. */
export function nameOf(file: ContextFile | undefined): string {
  return file?.path.slice(file.path.lastIndexOf("/") + 1) ?? "";
}

function withoutExcluded(
  index: ContextIndex,
  matches: readonly MatchedSource[],
  excludes: readonly string[],
): readonly PositionRange[] {
  const excluded = excludedIn(index, excludes);
  return matches.flatMap(({ path: base, ranges }) => {
    const isKept = (at: number): boolean => !excluded.isIgnored(pathBelow(base, index.files[at]?.path ?? ""));
    return ranges.flatMap(({ start, end }) => runsOf(start, end, isKept));
  });
}

function runsOf(start: number, end: number, isKept: (at: number) => boolean): PositionRange[] {
  const runs: PositionRange[] = [];
  let runStart: number | undefined;
  for (let at = start; at <= end; at++) {
    const isIn = at < end && isKept(at);
    if (isIn) runStart ??= at;
    else if (runStart !== undefined) {
      runs.push({ start: runStart, end: at });
      runStart = undefined;
    }
  }
  return runs;
}

function pathBelow(base: string, path: string): string {
  return base !== "" && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
}
