import type { ContextFilesFact } from "../facts/fact.ts";
import { indexOf } from "./contextIndex.ts";
import { compileGoMatch, hasWildcard } from "./goMatch.ts";
import { cleanSource, resolvePath, type SourceStyle } from "./matchSource.ts";

/**
 * Why it isn't known what a source copies: a folder that can't be read may hold some of it. Undefined if everything
 * that the source can match is listed.
 */
export function unreadBy(fact: ContextFilesFact, source: string, style: SourceStyle): string | undefined {
  const { unreadFolders = [] } = fact;
  if (unreadFolders.length === 0) return undefined;
  const path = cleanSource(source);
  const index = indexOf(fact);
  const at = resolvePath(index, path);
  const target = at === undefined ? undefined : index.files[at]?.path;
  const parts = (target ?? path).split("/").filter((part) => part !== "");
  // `**` and a link that isn't resolved can lead anywhere.
  const isAnywhere = (style === "parents" && path.includes("**")) || (target === undefined && passesLink(fact, path));
  const unread = unreadFolders.find((folder) => isAnywhere || mayMeet(parts, folder.path));
  if (!unread) return undefined;
  const folder = unread.path === "" ? "the build context" : `the folder ${unread.path} of the build context`;
  return `${folder} can't be read: ${unread.reason}`;
}

/** True if one path can be at or below the other; the parts of the first may be patterns. */
function mayMeet(parts: readonly string[], folder: string): boolean {
  const names = folder.split("/").filter((name) => name !== "");
  return parts
    .slice(0, names.length)
    .every((part, at) => part === names[at] || (hasWildcard(part) && compileGoMatch(part)?.test(names[at] ?? "")));
}

/** True if the path leads through a link of the context. */
function passesLink(fact: ContextFilesFact, path: string): boolean {
  const index = indexOf(fact);
  const parts = path.split("/");
  return parts.some((_, count) => {
    const at = index.positionOf(parts.slice(0, count + 1).join("/"));
    return at !== undefined && index.files[at]?.kind === "symlink";
  });
}
