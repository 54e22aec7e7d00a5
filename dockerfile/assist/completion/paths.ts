import { indexOf, type ContextIndex } from "../../context/contextIndex.ts";
import { cleanSource, nameOf, resolvePath } from "../../context/matchSource.ts";
import type { ContextFilesFact, Facts } from "../../facts/fact.ts";
import { parseIgnoreFile } from "../../patterns/ignoreFile.ts";
import type { Span } from "../../syntax/syntax.ts";
import { formatBytes } from "../../../oci/core/bytes.ts";
import type { Completion, Offer } from "./completion.ts";

/** A path as far as typed. */
export interface TypedPath {
  /** The span of the path's word; `span.end` may be after the cursor. */
  readonly span: Span;
  readonly typed: string;
  /** True if names may contain blanks: in JSON, and in ignore files. */
  readonly takesBlanks: boolean;
}

// A list of a larger folder is too long to read.
export const maxEntries = 1_000;

/**
 * Entries of one folder of the build context: folders first, ignored entries last. The word starts after the last
 * slash.
 */
export function pathOffer(facts: Facts, { span, typed, takesBlanks }: TypedPath): Offer & { readonly span: Span } {
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  const place = { start: span.start + folder.length, end: span.end };
  const fact = facts.get({ kind: "contextFiles" });
  if (fact.state !== "known") return { items: [], isIncomplete: fact.state === "pending", span: place };
  const index = indexOf(fact.value);
  const entries = entriesOf(index, folder).filter((at) => isWritable(nameOf(index.files[at]), takesBlanks));
  const ignore = parseIgnoreFile(fact.value.ignoreText ?? "");
  const items = entries
    .slice(0, maxEntries)
    .map((at) => ({ at, isSent: index.isSent(at), isFolder: index.files[at]?.kind === "directory" }))
    .sort((a, b) => Number(b.isSent) - Number(a.isSent) || Number(b.isFolder) - Number(a.isFolder))
    .map((entry) => itemOf(index, entry, fact.value, ignore.decidingPattern(index.files[entry.at]?.path ?? "")?.text));
  return { items, isIncomplete: entries.length > maxEntries || fact.value.isTruncated, span: place };
}

function entriesOf(index: ContextIndex, folder: string): readonly number[] {
  if (/[*?[\]$\\]/.test(folder)) return [];
  const path = cleanSource(folder);
  const at = path === "" ? undefined : resolvePath(index, path);
  return path !== "" && at === undefined ? [] : [...index.children(at)];
}

/** False for wildcards, quotes and variables, whose escapes would look like another name. */
export function isWritable(name: string, takesBlanks: boolean): boolean {
  return !(takesBlanks ? /["\\*?[\]$\n\r\t]/ : /["'\\*?[\]$\s]/).test(name);
}

interface Entry {
  readonly at: number;
  readonly isSent: boolean;
  readonly isFolder: boolean;
}

function itemOf(
  index: ContextIndex,
  { at, isSent, isFolder }: Entry,
  { ignoreFile = ".dockerignore" }: ContextFilesFact,
  pattern: string | undefined,
): Completion {
  const name = nameOf(index.files[at]);
  const bytes = index.bytesSent([{ start: at, end: index.ends[at] ?? at }]);
  const ignored = `ignored by ${ignoreFile}${pattern === undefined ? "" : `: ${pattern}`}`;
  return {
    label: isFolder ? `${name}/` : name,
    kind: isFolder ? "folder" : "file",
    detail: isSent ? formatBytes(bytes) : ignored,
    ...(isFolder && { reopens: true }),
  };
}
