import type { Dockerfile } from "../syntax/syntax.ts";
import { atomsOf, type Atom, type VariableAtom } from "./atoms.ts";

/** What a word becomes when nobody passes a build argument; `unknown` says why that can't be told. */
export type Expansion = { readonly text: string } | { readonly unknown: string };

/** An ARG before the first FROM: the only ones that FROM sees. */
export interface GlobalArg {
  readonly name: string;
  /** Of the last declaration with a default. */
  readonly value?: readonly Atom[];
  readonly expansion: Expansion;
  readonly declarationCount: number;
}

export type GlobalArgs = ReadonlyMap<string, GlobalArg>;

/** A word longer than this holds no image reference, whose parts are bounded; it is not looked into. */
export const maxWordLength = 4096;

/** The ARGs before the first FROM by name; a default may use those above it. */
export function globalArgsOf(file: Dockerfile): GlobalArgs {
  const args = new Map<string, GlobalArg>();
  for (const { key, value } of file.globals.filter(({ keyword }) => keyword.value === "ARG").flatMap(({ pairs }) => pairs)) {
    const name = key.value;
    const before = args.get(name);
    const atoms = value === undefined || value.logical.text.length > maxWordLength ? undefined : atomsOf(value, file.escape);
    const expansion: Expansion = atoms ? expand(atoms, args) : (before?.expansion ?? { unknown: `ARG ${name} has no default` });
    const kept = atoms ?? before?.value;
    args.set(name, { name, expansion, declarationCount: (before?.declarationCount ?? 0) + 1, ...(kept && { value: kept }) });
  }
  return args;
}

/** Puts the defaults of ARGs in. Modifiers that cut or replace are not interpreted, since what they give depends on the build argument. */
export function expand(atoms: readonly Atom[], args: GlobalArgs): Expansion {
  let text = "";
  for (const atom of atoms) {
    const part = atom.kind === "character" ? { text: atom.text } : expandVariable(atom, args);
    if ("unknown" in part) return part;
    text += part.text;
    // Defaults built of each other double with every line.
    if (text.length > maxWordLength) return { unknown: "it becomes too long for an image reference" };
  }
  return { text };
}

/** True where `${NAME:-fallback}` gives the fallback by default. */
export function usesFallback({ name, modifier }: VariableAtom, args: GlobalArgs): boolean {
  if (modifier !== ":-" && modifier !== "-") return false;
  const arg = args.get(name);
  return arg?.value === undefined || (modifier === ":-" && "text" in arg.expansion && arg.expansion.text === "");
}

function expandVariable(atom: VariableAtom, args: GlobalArgs): Expansion {
  if (usesFallback(atom, args) && !isPredefined(atom.name)) return expand(atom.fallback, args);
  if (atom.modifier === "other" || atom.modifier === ":+" || atom.modifier === "+") return { unknown: `\${${atom.name}…} is changed by a modifier` };
  return args.get(atom.name)?.expansion ?? { unknown: isPredefined(atom.name) ? `${atom.name} depends on the platform that is built for` : `no ARG ${atom.name} stands before the first FROM` };
}

/** BuildKit's platform arguments, set without an ARG. @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
function isPredefined(name: string): boolean {
  return /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/.test(name);
}
