import { nearestName } from "../syntax/nearestName.ts";
import type { ContextIndex } from "./contextIndex.ts";
import { nameOf, resolvePath } from "./matchSource.ts";

/**
 * "strict": different case, or one letter's difference in a name of six or more; "loose": also two letters' difference,
 * or the only file with that name elsewhere.
 */
export type Likeness = "strict" | "loose";

/** The existing path that a missing path was probably meant to be. Remembered with the context. */
export function suggestPath(index: ContextIndex, path: string, likeness: Likeness): string | undefined {
  return index.memo(`${likeness} likeness ${path}`, () => findLike(index, path, likeness));
}

/** The existing path that differs only in case; undefined unless there is exactly one. */
export function inRightCase(index: ContextIndex, path: string): string | undefined {
  return index.memo(`case ${path}`, () => {
    const lower = path.toLowerCase().split("/");
    let folders: (number | undefined)[] = [undefined];
    for (const name of lower)
      folders = folders.flatMap((folder) =>
        [...index.children(folder)].filter((at) => nameOf(index.files[at]).toLowerCase() === name),
      );
    const [found, ...more] = folders.map((at) => (at === undefined ? undefined : index.files[at]?.path));
    return more.length === 0 ? found : undefined;
  });
}

function findLike(index: ContextIndex, path: string, likeness: Likeness): string | undefined {
  const inCase = inRightCase(index, path);
  if (inCase !== undefined) return inCase;
  const inSameFolder = nearSibling(index, path.split("/"), likeness);
  return (
    inSameFolder ?? (likeness === "loose" ? onlyFileNamed(index, path.slice(path.lastIndexOf("/") + 1)) : undefined)
  );
}

/** The path with its first missing part replaced by the most similar name. */
function nearSibling(index: ContextIndex, parts: readonly string[], likeness: Likeness): string | undefined {
  let folder: number | undefined;
  for (const [depth, name] of parts.entries()) {
    const above = parts.slice(0, depth);
    const at = resolvePath(index, [...above, name].join("/"));
    if (at !== undefined) {
      folder = at;
      continue;
    }
    const children = [...index.children(folder)];
    if (children.length > maxSiblings) return undefined;
    const names = children
      .filter((child) => index.isSent(child) || likeness === "strict")
      .map((child) => nameOf(index.files[child]));
    const like = nearestName(name, names);
    if (like === undefined || (likeness === "strict" && !isOneLetterApart(name, like))) return undefined;
    const meant = [...above, like, ...parts.slice(depth + 1)].join("/");
    return index.positionOf(meant) === undefined ? undefined : meant;
  }
  return undefined;
}

// Larger folders contain data, whose names aren't typed by hand.
const maxSiblings = 2_000;

function isOneLetterApart(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 6 && Math.abs(a.length - b.length) <= 1 && oneEdit(a, b);
}

/** True for one insertion, deletion, replacement or swap of neighbours. */
function oneEdit(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  return (
    restA.length + restB.length <= 1 ||
    (restA.length === 1 && restB.length === 1) ||
    (restA.length === 2 && restA === [...restB].reverse().join(""))
  );
}

// Installed files with this name aren't what an author means.
const installed = /(?:^|\/)(?:node_modules|vendor|site-packages|\.git|\.venv|venv)\//;

function onlyFileNamed(index: ContextIndex, name: string): string | undefined {
  const at = index.memo("files by name", () => filesByName(index)).get(name);
  return at === undefined || at === severalFiles ? undefined : index.files[at]?.path;
}

const severalFiles = -1;

/** Positions of files below the root; `severalFiles` if more than one has the name. */
function filesByName(index: ContextIndex): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  for (const [at, file] of index.files.entries()) {
    if (file.isIgnored || file.kind === "directory" || !file.path.includes("/") || installed.test(file.path)) continue;
    const name = nameOf(file);
    byName.set(name, byName.has(name) ? severalFiles : at);
  }
  return byName;
}
