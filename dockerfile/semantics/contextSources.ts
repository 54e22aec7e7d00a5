import { indexOf, type ContextIndex } from "../context/contextIndex.ts";
import { hasWildcard } from "../context/goMatch.ts";
import { namedSources, type NamedSource } from "../context/literalSources.ts";
import { matchSource, type MatchedSource } from "../context/matchSource.ts";
import type { ContextFilesFact } from "../facts/fact.ts";
import type { Dockerfile } from "../syntax/syntax.ts";
import { scopesIn } from "./scopes.ts";
import type { LintInput } from "../lint/rule.ts";

export { isRemote } from "../context/literalSources.ts";

/** A source that is taken from the build context, with what it stands for there. */
export interface ContextSource extends NamedSource {
  readonly context: ContextFilesFact;
  readonly index: ContextIndex;
  readonly match: MatchedSource;
  /** A pattern rather than one name. */
  readonly isPattern: boolean;
  /** The patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

/** What COPY, ADD and bind mounts take from the build context; nothing while its files are not known, or not all of them. Worked out once for all rules. */
export function contextSources({ file, facts }: LintInput): readonly ContextSource[] {
  const fact = facts.get({ kind: "contextFiles" });
  if (fact.state !== "known" || fact.value.isTruncated) return [];
  const last = known.get(file);
  if (last?.context === fact.value) return last.sources;
  const sources = namedSources(file, scopesIn(file)).map((named) => located(named, fact.value));
  known.set(file, { context: fact.value, sources });
  return sources;
}

/** The sources that name something, of which there is nothing in the context: neither sent nor ignored. */
export function missingSources(input: LintInput): readonly ContextSource[] {
  return contextSources(input).filter(
    ({ match }) => match.path !== "" && match.matched.length === 0 && match.ignored.length === 0,
  );
}

/** True where the word is written as it is read: no variables, quotes or escapes, so that its text can be replaced. */
export function isPlain({ written, source }: NamedSource): boolean {
  return written === source;
}

const known = new WeakMap<
  Dockerfile,
  { readonly context: ContextFilesFact; readonly sources: readonly ContextSource[] }
>();

function located(named: NamedSource, context: ContextFilesFact): ContextSource {
  const { flags } = named.instruction;
  const isCopy = named.usedBy === "copy";
  const style = isCopy && flags.some(({ name }) => name === "parents") ? "parents" : "plain";
  const excludes = isCopy ? flags.flatMap(({ name, value }) => (name === "exclude" && value ? [value.value] : [])) : [];
  return {
    ...named,
    context,
    index: indexOf(context),
    match: matchSource(context, named.source, style),
    isPattern: isCopy && hasWildcard(named.source),
    excludes,
  };
}
