import type { ContextFile, ContextFilesFact, Memo } from "../facts/fact.ts";
import { createMemo } from "./memo.ts";
import { utf8Length } from "./utf8Length.ts";

/**
 * A build context prepared for queries: everything below a folder is a range of positions, and sums over a range are
 * cheap.
 */
export interface ContextIndex {
  readonly fact: ContextFilesFact;
  /**
   * A folder is followed by its content; names are in the order of their code units. Ignored files are included.
   * Folders that appear only in the paths of their files are added.
   */
  readonly files: readonly ContextFile[];
  /** For each position, the end of everything below it; for a file, the next position. */
  readonly ends: Uint32Array;
  /** True if a build would send it: it isn't ignored, or it is a folder that contains something sent. */
  isSent(position: number): boolean;
  /** The number of regular files in the range that are sent. */
  countSent(range: PositionRange): number;
  /** The bytes of regular files in the ranges that are sent; a file with several names counts once. */
  bytesSent(ranges: readonly PositionRange[]): number;
  /** The bytes of symlink targets in the range that are sent. */
  linkBytesSent(range: PositionRange): number;
  /** Undefined if the path isn't listed. */
  positionOf(path: string): number | undefined;
  /** Positions of the direct entries of a folder; undefined means the root. */
  children(folder: number | undefined): Iterable<number>;
  /** Positions of sent files with a secret. */
  readonly secrets: readonly number[];
  /** Results computed for this context, by a descriptive name. */
  readonly memo: Memo;
}

export interface PositionRange {
  readonly start: number;
  readonly end: number;
}

/** The index of a list; created once if the list has a memo. */
export function indexOf(fact: ContextFilesFact): ContextIndex {
  return fact.memo ? fact.memo("index", () => makeIndex(fact)) : makeIndex(fact);
}

/** True if a position is in one of the ranges. */
export function isInRanges(ranges: readonly PositionRange[], position: number): boolean {
  return ranges.some(({ start, end }) => start <= position && position < end);
}

/** The number of comparisons of a pattern with a path that one answer may make: about half a second. */
export const maxComparisons = 10_000_000;

// Each prefix of a name being typed leaves a result; beyond this number the old ones are dropped and recomputed if
// needed.
const maxMemos = 2_000;

function makeIndex(fact: ContextFilesFact): ContextIndex {
  const { files, ends } = ordered(fact.files);
  const sums = sumsOf(files);
  const sharing = sharedFiles(files);
  const index: ContextIndex = {
    fact,
    files,
    ends,
    isSent: (at) => files[at]?.isIgnored === false || index.countSent({ start: at, end: ends[at] ?? at }) > 0,
    countSent: ({ start, end }) => (sums.count[end] ?? 0) - (sums.count[start] ?? 0),
    bytesSent: (ranges) => bytesOf(ranges, sums.bytes, files, sharing),
    linkBytesSent: ({ start, end }) => (sums.linkBytes[end] ?? 0) - (sums.linkBytes[start] ?? 0),
    positionOf: (path) => search(files, path),
    *children(folder) {
      const end = folder === undefined ? files.length : (ends[folder] ?? 0);
      for (let at = folder === undefined ? 0 : folder + 1; at < end; at = ends[at] ?? end) yield at;
    },
    secrets: files.flatMap(({ secretKind, isIgnored }, at) => (secretKind !== undefined && !isIgnored ? [at] : [])),
    memo: createMemo(maxMemos),
  };
  return index;
}

interface Ordered {
  readonly files: readonly ContextFile[];
  readonly ends: Uint32Array;
}

function ordered(files: readonly ContextFile[]): Ordered {
  const ends = endsOf(files);
  if (ends) return { files, ends };
  const sorted = withFolders(files).sort((a, b) => comparePaths(a.path, b.path));
  return { files: sorted, ends: endsOf(sorted) ?? new Uint32Array(sorted.length) };
}

/** The end of each entry; undefined if the files aren't in order, or a folder is missing. */
function endsOf(files: readonly ContextFile[]): Uint32Array | undefined {
  const ends = new Uint32Array(files.length);
  const open: number[] = [];
  let folder = "";
  const close = (at: number): void => {
    ends[open.pop() ?? 0] = at;
    folder = open.length > 0 ? (files[open.at(-1) ?? 0]?.path ?? "") : "";
  };
  let previous: string | undefined;
  for (const [at, { path, kind }] of files.entries()) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    while (open.length > 0 && folder !== parent) {
      previous = folder;
      close(at);
    }
    if (folder !== parent || (previous !== undefined && previous >= path)) return undefined;
    ends[at] = at + 1;
    previous = path;
    if (kind !== "directory") continue;
    open.push(at);
    folder = path;
    previous = undefined;
  }
  while (open.length > 0) close(files.length);
  return ends;
}

function withFolders(files: readonly ContextFile[]): ContextFile[] {
  const all = new Map(files.map((file) => [file.path, file]));
  for (const { path } of files) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash);
      if (all.has(folder)) break;
      all.set(folder, { path: folder, kind: "directory", bytes: 0, isIgnored: false });
    }
  }
  return [...all.values()];
}

/** Compares part by part: a slash sorts before every other character. */
function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return rank(a, at) - rank(b, at);
}

function rank(path: string, at: number): number {
  if (at >= path.length) return -1;
  const code = path.charCodeAt(at);
  return code === slashCode ? 0 : code + 1;
}

const slashCode = 0x2f;

function search(files: readonly ContextFile[], path: string): number | undefined {
  let low = 0;
  let high = files.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = comparePaths(files[middle]?.path ?? "", path);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

interface Sums {
  readonly bytes: Float64Array;
  readonly count: Uint32Array;
  readonly linkBytes: Float64Array;
}

/** For each position, the sums of everything sent before it. */
function sumsOf(files: readonly ContextFile[]): Sums {
  const linkBytes = new Float64Array(files.length + 1);
  const bytes = new Float64Array(files.length + 1);
  const count = new Uint32Array(files.length + 1);
  for (const [at, file] of files.entries()) {
    const isCounted = file.kind === "file" && !file.isIgnored;
    bytes[at + 1] = (bytes[at] ?? 0) + (isCounted ? file.bytes : 0);
    count[at + 1] = (count[at] ?? 0) + (isCounted ? 1 : 0);
    const target = file.isIgnored ? "" : (file.linkTarget ?? "");
    linkBytes[at + 1] = (linkBytes[at] ?? 0) + utf8Length(target);
  }
  return { bytes, count, linkBytes };
}

/** Positions of sent files that share their content with another one in the context; few enough to check one by one. */
function sharedFiles(files: readonly ContextFile[]): readonly number[] {
  const byInode = new Map<string, number[]>();
  for (const [at, { inode, isIgnored }] of files.entries()) {
    if (inode === undefined || isIgnored) continue;
    const others = byInode.get(inode);
    if (others) others.push(at);
    else byInode.set(inode, [at]);
  }
  return [...byInode.values()]
    .filter(({ length }) => length > 1)
    .flat()
    .sort((a, b) => a - b);
}

function bytesOf(
  ranges: readonly PositionRange[],
  before: Float64Array,
  files: readonly ContextFile[],
  sharing: readonly number[],
): number {
  let bytes = ranges.reduce((sum, { start, end }) => sum + (before[end] ?? 0) - (before[start] ?? 0), 0);
  if (sharing.length === 0) return bytes;
  const seen = new Set<string>();
  for (const range of ranges) {
    for (const at of sharing) {
      const file = files[at];
      if (!file?.inode || at < range.start || at >= range.end) continue;
      if (seen.has(file.inode)) bytes -= file.bytes;
      seen.add(file.inode);
    }
  }
  return bytes;
}
