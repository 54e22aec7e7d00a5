import type { ContextPath } from "../context/contextPaths.ts";
import { indexOf, type ContextIndex } from "../context/contextIndex.ts";
import { hasWildcard } from "../context/goMatch.ts";
import { excessOf, matchSource, type MatchedSource } from "../context/matchSource.ts";
import { unreadBy } from "../context/unreadFolders.ts";
import type { ContextFilesFact, Facts } from "../facts/fact.ts";

/** A source in the build context, with its matches there. */
export interface ContextSource extends ContextPath {
  readonly context: ContextFilesFact;
  readonly index: ContextIndex;
  readonly match: MatchedSource;
  /** True for a pattern rather than one name. */
  readonly isPattern: boolean;
}

/**
 * Finds paths in the build context; empty unless all of its files are known. Paths with more `--exclude` patterns than
 * are applied are left out.
 */
export function contextSourcesOf(paths: readonly ContextPath[], facts: Facts): readonly ContextSource[] {
  const fact = facts.get({ kind: "contextFiles" });
  if (fact.state !== "known" || fact.value.isTruncated) return [];
  const context = fact.value;
  const applied = paths.filter(({ excludes }) => excessOf(context, excludes) === undefined);
  return applied.map((path) => ({
    ...path,
    context,
    index: indexOf(context),
    match: matchSource(context, path.text, path.style),
    isPattern: path.usedBy === "copy" && hasWildcard(path.text),
  }));
}

/**
 * The sources that match nothing in the context, neither sent nor ignored. Left out are those that may be in a folder
 * that can't be read.
 */
export function missingSources(sources: readonly ContextSource[]): readonly ContextSource[] {
  return sources.filter(
    ({ match, context, text, style }) =>
      match.path !== "" &&
      match.matched.length === 0 &&
      match.ignored.length === 0 &&
      unreadBy(context, text, style) === undefined,
  );
}

/**
 * True if the word is written literally, without variables, quotes or escapes, which means that its text can be
 * replaced.
 */
export function isPlain({ written, text }: ContextPath): boolean {
  return written === text;
}
