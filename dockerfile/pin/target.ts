import { parseReference } from "../../oci/core/reference.ts";
import type { Dockerfile, Span, Word } from "../syntax/syntax.ts";
import { atomsOf, type Atom, type CharacterAtom, type VariableAtom } from "./atoms.ts";
import { expand, maxWordLength, usesFallback, type GlobalArg, type GlobalArgs } from "./globalArgs.ts";

/** Where a digest stands or can be put. */
export type EditTarget =
  | {
      /** The reference's own text, or the default of the ARG that ends it. */
      readonly kind: "literal" | "argDefault";
      /** Where `@sha256:…` goes. */
      readonly end: number;
      /** From the `@` to the end of the digest that is there. */
      readonly digestSpan?: Span;
      /** The ARG's name. */
      readonly arg?: string;
    }
  | { readonly kind: "none"; readonly reason: string };

/** ARG defaults that lead to each other; people write one or two. Also ends `ARG A=$A`. */
const maxArgDepth = 8;

/** Where the digest of a FROM's reference stands or goes. A digest goes behind a variable's default, never behind the variable: `name:${V}@sha256:…` would make every other V mean nothing, as the tag of a pinned reference is ignored. */
export function targetOf(atoms: readonly Atom[], file: Dockerfile, args: GlobalArgs): EditTarget {
  return tailTarget({ atoms, file, args, depth: 0 });
}

interface Tail {
  readonly atoms: readonly Atom[];
  readonly file: Dockerfile;
  readonly args: GlobalArgs;
  readonly depth: number;
  /** Set inside the default of an ARG. */
  readonly arg?: string;
}

function tailTarget(tail: Tail): EditTarget {
  const last = tail.atoms.at(-1);
  if (last === undefined) return none(tail.arg === undefined ? "there is no reference" : `the default of ARG ${tail.arg} is empty`);
  return last.kind === "character" ? literalTarget(tail) : variableTarget(tail, last);
}

function literalTarget({ atoms, file, args, arg }: Tail): EditTarget {
  const start = atoms.findLastIndex(({ kind }) => kind === "variable") + 1;
  const characters = atoms.slice(start).filter((atom): atom is CharacterAtom => atom.kind === "character");
  const target = targetOfCharacters(characters, file);
  if (target.kind === "none" || target.digestSpan) return withArg(target, arg);
  const variable = atoms[start - 1];
  if (variable?.kind === "variable" && !characters.some(({ text }) => text === "/") && !isPrefix(variable, args)) {
    return none(`a digest behind \${${variable.name}} would make other values of it mean nothing; put the whole reference into one ARG`);
  }
  return withArg(target, arg);
}

/** The target in text without variables; characters need not stand side by side in the file. */
export function targetOfCharacters(characters: readonly CharacterAtom[], { text }: Dockerfile): EditTarget {
  const last = characters.at(-1);
  if (last === undefined) return none("there is no reference");
  const end = last.offset + last.text.length;
  const at = characters.find((character) => character.text === "@");
  if (!at) return { kind: "literal", end };
  const digestSpan = { start: at.offset, end };
  return /["']/.test(text.slice(at.offset, end)) ? none("quotes stand inside its digest; write it without them") : { kind: "literal", end, digestSpan };
}

/** A registry or namespace in front of the name, `${REGISTRY}alpine:3`: the same image from elsewhere. */
function isPrefix(variable: VariableAtom, args: GlobalArgs): boolean {
  const value = expand([variable], args);
  return "text" in value && (value.text === "" || value.text.endsWith("/"));
}

function variableTarget(tail: Tail, variable: VariableAtom): EditTarget {
  const { args, file, depth } = tail;
  const { name, modifier } = variable;
  if (depth >= maxArgDepth) return none(`ARG ${name} leads through too many others`);
  if (modifier === "other" || modifier === ":+" || modifier === "+") return none(`\${${name}…} changes the value by a modifier; write the reference out`);
  const arg = args.get(name);
  if (usesFallback(variable, args)) {
    const isElsewhere = (arg?.declarationCount ?? 0) > 1;
    return isElsewhere ? none(`ARG ${name} is declared more than once`) : tailTarget({ ...tail, atoms: variable.fallback, depth: depth + 1 });
  }
  if (arg?.value === undefined) return none(`\${${name}} has no default to pin; give ARG ${name} one before the first FROM`);
  const reason = whyNotInArg(arg, tail);
  return reason === undefined ? tailTarget({ atoms: arg.value, file, args, depth: depth + 1, arg: name }) : none(reason);
}

/** Stages and ARGs of a file in which all uses of an ARG are looked for; more are generated, and would take long. */
const maxDeclarations = 2000;

function whyNotInArg({ name, declarationCount }: GlobalArg, { atoms, file, args }: Tail): string | undefined {
  if (file.stages.length + args.size > maxDeclarations) return `the file has too many stages to look for all uses of ARG ${name}`;
  if (declarationCount > 1) return `ARG ${name} is declared more than once, so it is unclear which default to pin`;
  const repositories = repositoriesEndedBy(name, file, args);
  if (repositories === "elsewhere") return `ARG ${name} is also used where a digest would not fit; use an ARG of its own for this image`;
  if (repositories.size > 1) return `ARG ${name} is part of several images (${[...repositories].join(", ")}), which have different digests; use an ARG for each`;
  const isWhole = atoms.length === 1;
  const isRedeclared = file.stages.some(({ instructions }) => instructions.some(({ keyword, pairs }) => keyword.value === "ARG" && pairs.some(({ key }) => key.value === name)));
  return isRedeclared && !isWhole ? `ARG ${name} is declared again in a stage, where a digest would not fit; use an ARG of its own for this image` : undefined;
}

/** The repositories of all references that end with the ARG; "elsewhere" where it also stands in another place. */
function repositoriesEndedBy(name: string, file: Dockerfile, args: GlobalArgs, depth = 0): ReadonlySet<string> | "elsewhere" {
  if (depth >= maxArgDepth || file.stages.some(({ platform }) => mentions(shortAtoms(platform, file), name))) return "elsewhere";
  const uses = [
    ...file.stages.map(({ base }) => shortAtoms(base, file)).map((atoms) => ({ atoms, repositories: () => new Set([repositoryOf(atoms, args)]) })),
    ...[...args.values()].map((arg) => ({ atoms: arg.value ?? [], repositories: () => repositoriesEndedBy(arg.name, file, args, depth + 1) })),
  ];
  const repositories = new Set<string>();
  for (const { atoms, repositories: ended } of uses) {
    const use = useOf(name, atoms);
    const more = use === "tail" ? ended() : use === "none" ? [] : use;
    if (more === "elsewhere") return more;
    for (const repository of more) repositories.add(repository);
  }
  return repositories;
}

/** In a fallback it is one of several values, which is elsewhere too. */
function useOf(name: string, atoms: readonly Atom[]): "tail" | "none" | "elsewhere" {
  const last = atoms.at(-1);
  if (mentions(atoms.slice(0, -1), name) || (last?.kind === "variable" && mentions(last.fallback, name))) return "elsewhere";
  return last?.kind === "variable" && last.name === name ? "tail" : "none";
}

function shortAtoms(word: Word | undefined, file: Dockerfile): readonly Atom[] {
  return word === undefined || word.logical.text.length > maxWordLength ? [] : atomsOf(word, file.escape);
}

function mentions(atoms: readonly Atom[], name: string): boolean {
  return atoms.some((atom) => atom.kind === "variable" && (atom.name === name || mentions(atom.fallback, name)));
}

function repositoryOf(atoms: readonly Atom[], args: GlobalArgs): string {
  const expansion = expand(atoms, args);
  const reference = "text" in expansion ? parseReference(expansion.text) : undefined;
  return reference?.ok ? reference.value.writtenName : "an unknown image";
}

function withArg(target: EditTarget, arg: string | undefined): EditTarget {
  return target.kind === "literal" && arg !== undefined ? { ...target, kind: "argDefault", arg } : target;
}

function none(reason: string): EditTarget {
  return { kind: "none", reason };
}
