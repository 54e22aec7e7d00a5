import { parseReference } from "../../oci/core/reference.ts";
import type { Dockerfile, Word } from "../syntax/syntax.ts";
import type { LexedVariable } from "../syntax/expand/pieces.ts";
import { expandInFrom, expansionOf, type ExpandedWord, type GlobalArgs } from "./globalArgs.ts";

/** The uses of the ARGs before the first FROM. */
export interface ArgUses {
  /** False for a file in which searching for all uses takes too long. */
  readonly canLook: boolean;
  /** The repositories of all references that end with the ARG; "elsewhere" if it is also used in another place. */
  repositoriesEndedBy(name: string): Repositories;
  /** True if a stage declares it again without its own default, and thus sees the global one. */
  isRedeclared(name: string): boolean;
}

type Repositories = ReadonlySet<string> | "elsewhere";

/** The limit on ARG defaults that refer to each other; people write one or two. */
export const maxArgDepth = 8;

/**
 * The limit on stages and ARGs of a file in which all uses of an ARG are searched; files with more are generated, and
 * would take long.
 */
const maxDeclarations = 2000;

/** Searches only when queried, and only once. */
export function argUsesOf(file: Dockerfile, args: GlobalArgs): ArgUses {
  let redeclared: ReadonlySet<string> | undefined;
  let search: Search | undefined;
  return {
    canLook: file.stages.length + args.byName.size <= maxDeclarations,
    repositoriesEndedBy: (name) => repositoriesOf(name, (search ??= searchIn(file, args)), 0),
    isRedeclared: (name) => (redeclared ??= redeclaredIn(file)).has(name),
  };
}

interface Search {
  readonly args: GlobalArgs;
  readonly platforms: readonly ExpandedWord[];
  readonly bases: readonly { readonly word: ExpandedWord; readonly repository: string }[];
  readonly found: Map<string, Repositories>;
}

function searchIn(file: Dockerfile, args: GlobalArgs): Search {
  const expand = (word: Word | undefined): readonly ExpandedWord[] => {
    const expanded = word && expandInFrom(word, file, args);
    return expanded ? [expanded] : [];
  };
  return {
    args,
    platforms: file.stages.flatMap(({ platform }) => expand(platform)),
    bases: file.stages
      .flatMap(({ base }) => expand(base))
      .map((word) => ({ word, repository: repositoryOf(word, args) })),
    found: new Map(),
  };
}

function redeclaredIn({ stages }: Dockerfile): ReadonlySet<string> {
  const args = stages.flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword.value === "ARG"));
  return new Set(args.flatMap(({ pairs }) => pairs.flatMap(({ key, value }) => (value ? [] : [key.value]))));
}

function repositoriesOf(name: string, search: Search, depth: number): Repositories {
  const known = search.found.get(name);
  if (known) return known;
  if (depth >= maxArgDepth) return "elsewhere";
  const repositories = collect(name, search, depth);
  search.found.set(name, repositories);
  return repositories;
}

function collect(name: string, search: Search, depth: number): Repositories {
  const { args, platforms, bases } = search;
  if (platforms.some((word) => useOf(name, word) !== "none")) return "elsewhere";
  const repositories = new Set<string>();
  for (const { word, repository } of bases) {
    const use = useOf(name, word);
    if (use === "elsewhere") return use;
    if (use === "tail") repositories.add(repository);
  }
  for (const { name: user, value } of args.byName.values()) {
    const use = value ? useOf(name, value) : "none";
    const more = use === "tail" ? repositoriesOf(user, search, depth + 1) : use;
    if (more === "elsewhere") return more;
    if (more !== "none") for (const repository of more) repositories.add(repository);
  }
  return repositories;
}

/**
 * The use of a variable in a word. `${NAME:+…}` only checks whether there is a value. In an operand that isn't the end
 * of the reference the variable is one of several values, and a modifier that cuts would also cut a digest: both count
 * as elsewhere.
 */
function useOf(name: string, { parts }: ExpandedWord): "tail" | "none" | "elsewhere" {
  const uses = parts.references.filter((reference) => reference.name === name && !reference.modifier.endsWith("+"));
  if (uses.length === 0) return "none";
  const isTail = uses.length === 1 && lastVariables(parts.pieces).some(({ reference }) => reference === uses[0]);
  return isTail ? "tail" : "elsewhere";
}

/**
 * The variables that the text ends with, unmodified: A and B in `${A:-${B}}` without an A. Terminates, because an
 * operand is shorter than the text that contains it.
 */
function lastVariables(pieces: ExpandedWord["parts"]["pieces"]): readonly LexedVariable[] {
  const last = pieces.at(-1);
  if (last?.kind !== "variable" || last.gave === "changed") return [];
  return last.gave === "operand" ? [last, ...lastVariables(last.operand)] : [last];
}

function repositoryOf(word: ExpandedWord, args: GlobalArgs): string {
  const expansion = expansionOf(word, args);
  const reference = "text" in expansion ? parseReference(expansion.text) : undefined;
  return reference?.ok ? reference.value.writtenName : "an unknown image";
}
