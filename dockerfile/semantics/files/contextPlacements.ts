import { indexOf, type ContextIndex, type PositionRange } from "../../context/contextIndex.ts";
import { hasWildcard } from "../../context/goMatch.ts";
import { cleanSource, matchSource, resolvePath, type SourceStyle } from "../../context/matchSource.ts";
import type { ContextFile, ContextFilesFact } from "../../facts/fact.ts";
import { parseIgnoreFile } from "../../patterns/ignoreFile.ts";
import { folder, joinPath, lastPart, type ImageFile, type Unknown } from "./imageFile.ts";
import type { Placement, Target } from "./placement.ts";

/** The part of a COPY or ADD that refers to the build context. */
export interface ContextCopy {
  readonly context: ContextFilesFact;
  readonly style: SourceStyle;
  /** The patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

/** One path that a source refers to, with links followed. */
export interface FoundSource {
  /** The name under which it is copied: the link's name if it is one. */
  readonly name: string;
  /** Position in the index; absent for the whole context. */
  readonly position?: number;
}

/** The files and folders that a source refers to, with patterns expanded. */
export function findInContext({ context }: ContextCopy, source: string): readonly FoundSource[] | Unknown {
  const { path, matched } = matchSource(context, source);
  if (path === "") return [{ name: "" }];
  const isPattern = hasWildcard(path);
  if (matched.length === 0 && !isPattern) return { unknown: whyMissing(context, source) };
  const { files } = indexOf(context);
  const found: FoundSource[] = [];
  for (const at of matched) {
    const own = files[at]?.path ?? source;
    const position = followed(context, at);
    if (position === undefined) return { unknown: `${own} is a link to nothing in the build context` };
    found.push({ name: lastPart(isPattern ? own : path), position });
  }
  return found;
}

function followed(context: ContextFilesFact, at: number): number | undefined {
  const index = indexOf(context);
  const file = index.files[at];
  return file?.kind === "symlink" ? resolvePath(index, file.path) : at;
}

function whyMissing(context: ContextFilesFact, source: string): string {
  const [left] = matchSource(context, source).ignored;
  if (left === undefined) return `nothing in the build context ${context.root} is named ${source}`;
  return `${context.ignoreFile ?? "the ignore file"} leaves out ${indexOf(context).files[left]?.path ?? source}`;
}

/** Puts one found source in its place: the content of a folder goes directly into the target. */
export function placeFound(copy: ContextCopy, { name, position }: FoundSource, target: Target): Placement | Unknown {
  const index = indexOf(copy.context);
  const whole = { start: 0, end: index.files.length };
  if (position === undefined) return rangePlacement(index, { at: target.at, base: "" }, kept(copy, index, whole, ""));
  const { path = "", kind } = index.files[position] ?? {};
  const range = { start: position, end: endOf(index, position) };
  if (kind === "directory") return rangePlacement(index, { at: target.at, base: path }, kept(copy, index, range, path));
  // According to BuildKit's code such a file is copied; according to Docker's manual it isn't.
  if (isExcluded(copy.excludes, name))
    return { unknown: `whether --exclude leaves out ${name}, which is copied by its own name, is not certain` };
  const at = target.isFolder ? joinPath(target.at, name) : target.at;
  return rangePlacement(index, { at, base: path, isFile: true }, [range]);
}

/** `COPY --parents`: each match keeps its path below the `/./` in the source, or below the context. */
export function placeWithParents(copy: ContextCopy, source: string, target: Target): Placement | Unknown {
  const { context } = copy;
  const index = indexOf(context);
  const cut = source.indexOf("/./");
  const base = cut < 0 ? "" : cleanSource(source.slice(0, cut));
  const { path, matched } = matchSource(context, source, "parents");
  const literal = hasWildcard(path) ? undefined : index.positionOf(path);
  const positions = hasWildcard(path) ? matched : literal === undefined ? [] : [literal];
  if (positions.length === 0 && path !== "" && !hasWildcard(path))
    return { unknown: `nothing in the build context ${context.root} is named ${source}` };
  const ranges =
    path === ""
      ? [{ start: 0, end: index.files.length }]
      : topmost(positions.map((start) => ({ start, end: endOf(index, start) })));
  return rangePlacement(
    index,
    { at: target.at, base },
    ranges.flatMap((range) => kept(copy, index, range, base)),
  );
}

/** The ranges that aren't inside another one. */
function topmost(ranges: readonly PositionRange[]): readonly PositionRange[] {
  const apart: PositionRange[] = [];
  for (const range of ranges) if (range.start >= (apart.at(-1)?.end ?? 0)) apart.push(range);
  return apart;
}

function endOf(index: ContextIndex, position: number): number {
  return index.ends[position] ?? position + 1;
}

function isExcluded(excludes: readonly string[], path: string): boolean {
  return excludes.length > 0 && parseIgnoreFile(excludes.join("\n")).isIgnored(path);
}

/** The parts of a range that `--exclude` keeps; its patterns are relative to the copied folder. */
function kept({ excludes }: ContextCopy, index: ContextIndex, range: PositionRange, base: string): PositionRange[] {
  if (excludes.length === 0) return [range];
  const excluded = parseIgnoreFile(excludes.join("\n"));
  const runs: PositionRange[] = [];
  for (let at = range.start; at < range.end; at++) {
    const below = pathBelow(base, index.files[at]?.path ?? "");
    if (below !== "" && excluded.isIgnored(below)) continue;
    const last = runs.at(-1);
    if (last?.end === at) runs[runs.length - 1] = { start: last.start, end: at + 1 };
    else runs.push({ start: at, end: at + 1 });
  }
  return runs;
}

interface Place {
  readonly at: string;
  /** The part that is cut off the paths of the context. */
  readonly base: string;
  readonly isFile?: true;
}

function rangePlacement(index: ContextIndex, { at, base, isFile }: Place, ranges: readonly PositionRange[]): Placement {
  return {
    at,
    isFolder: !isFile,
    remember: (name, make) => index.memo(`placed ${JSON.stringify([base, ranges])} ${name}`, make),
    count: ranges.reduce((sum, range) => sum + index.countSent(range), 0),
    bytes: index.bytesSent(ranges),
    linkBytes: ranges.reduce((sum, range) => sum + index.linkBytesSent(range), 0),
    newestMs: () =>
      ranges.reduce(
        (newest, { start, end }) =>
          index.files
            .slice(start, end)
            .reduce((ms, file) => (file.kind === "file" ? Math.max(ms, file.modifiedMs ?? Infinity) : ms), newest),
        0,
      ),
    *files() {
      const inodes = new Map<string, object>();
      if (!isFile) yield ["", folder];
      for (const { start, end } of ranges)
        for (let position = start; position < end; position++) {
          const file = index.files[position];
          if (file && index.isSent(position)) yield [pathBelow(base, file.path), imageFile(file, inodes)];
        }
    },
  };
}

/** The copy of a file. Names of one file stay names of one file within one copy operation. */
function imageFile({ path, kind, bytes, inode, linkTarget }: ContextFile, inodes: Map<string, object>): ImageFile {
  if (inode !== undefined && !inodes.has(inode)) inodes.set(inode, {});
  const shared = inode === undefined ? undefined : inodes.get(inode);
  return {
    kind,
    bytes,
    ...(shared && { inode: shared }),
    ...(linkTarget !== undefined && { linkTarget }),
    ...(kind === "file" && { origin: { contextPath: path } }),
  };
}

function pathBelow(base: string, path: string): string {
  if (path === base) return "";
  return base === "" ? path : path.slice(base.length + 1);
}
