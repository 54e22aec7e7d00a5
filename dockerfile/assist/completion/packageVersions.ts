import { wrappedCommandIndex } from "../../shell/wrappers.ts";
import type { Instruction, Span } from "../../syntax/syntax.ts";
import type { FoundVersions, VersionedProgram } from "../../versions/program.ts";
import { versionedProgram } from "../../versions/versions.ts";
import { noOffer, type Completion, type CompletionInput, type Offer } from "./completion.ts";
import type { ArgumentSlot } from "./slot.ts";

/** Nightly builds make thousands of versions. */
const maxItems = 300;

/** The versions of the package at the cursor, after `apt-get install NAME=`; the one that would be installed first. */
export function packageVersionOffer(
  { build }: CompletionInput,
  slot: ArgumentSlot & { readonly span: Span },
  instruction: Instruction | undefined,
): Offer & { readonly span?: Span } {
  const words = joinQuoted([...slot.words, slot.typed]);
  const typed = words.pop() ?? "";
  const install = instruction && installAt(words);
  const place = install && packageAt(install.program, typed);
  if (!install || !place) return noOffer;
  const cursor = slot.span.start + slot.typed.length;
  const rest = /^[^\s;,"'()&|]*/.exec(build.file.text.slice(cursor, slot.span.end))?.[0] ?? "";
  const version = { start: cursor - place.version.length, end: cursor + rest.length };
  const found = install.program.find({ build, instruction, words: install.words, isWhole: false }, place.name);
  if (found === undefined || found === "pending")
    return { items: [], isIncomplete: found === "pending", span: version };
  const items = itemsOf(found, place.version);
  return { items: items.slice(0, maxItems), span: version, isIncomplete: items.length > maxItems };
}

/** Joins the parts of words that have blanks in quotes: `'flask == 3.0'`. */
function joinQuoted(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last !== undefined && /^(["'])(?!.*\1)/s.test(last)) joined[joined.length - 1] = `${last} ${word}`;
    else joined.push(word);
  }
  return joined;
}

/** The command of a package manager before the cursor, after others of its script. */
function installAt(
  words: readonly string[],
): { readonly program: VersionedProgram; readonly words: readonly string[] } | undefined {
  const start = words.findLastIndex((word) => /[;&|(){}]$|^(?:if|then|else|do|while|until|!)$/.test(word));
  const command = words.slice(start + 1).map((word, index) => (index === 0 ? word.replace(/^\(+/, "") : word));
  const first = command.findIndex((word) => !/^\w+=/.test(word));
  let [name = "", ...args] = command.slice(first);
  for (let at = wrapped(name, args); at !== undefined; at = wrapped(name, args)) [name = "", ...args] = args.slice(at);
  const program = versionedProgram(name);
  return program?.actions.some((action) => ` ${args.join(" ")} `.includes(` ${action} `))
    ? { program, words: args }
    : undefined;
}

function wrapped(name: string, words: readonly string[]): number | undefined {
  return wrappedCommandIndex(
    name,
    words.map((value) => ({ value })),
  );
}

/** The package whose version the cursor is in, and what is typed of the version. */
function packageAt(program: VersionedProgram, typed: string): PackagePlace | undefined {
  const [, quote = "", text = ""] = /^(["']?)(.*)$/s.exec(typed) ?? [];
  // Nothing more belongs to a version after the closing quote, and < or > without quotes redirects.
  if (quote === "" ? /[<>]/.test(text) : text.endsWith(quote)) return undefined;
  const place = placeIn(program, text);
  return place && !/[\s;]/.test(place.version) ? place : undefined;
}

interface PackagePlace {
  readonly name: string;
  readonly version: string;
}

function placeIn({ separator, package: pattern, place }: VersionedProgram, text: string): PackagePlace | undefined {
  // A scope begins with the separator: `@acme/tool@1.0`.
  const at = text.lastIndexOf(separator);
  const found = place ? place.exec(text) : pattern.exec(text.slice(0, Math.max(at, 0)));
  const start = place ? (found?.[0].length ?? 0) : at + separator.length;
  return found?.[1] === undefined ? undefined : { name: found[1], version: text.slice(start) };
}

function itemsOf({ versions, candidate, labels }: FoundVersions, typed: string): readonly Completion[] {
  const others = versions.filter((version) => version !== candidate);
  const all = [...(candidate === undefined ? [] : [candidate]), ...others];
  const shown = all.length > maxItems ? all.filter((version) => version.startsWith(typed)) : all;
  return shown.map((version): Completion => {
    const detail = version === candidate ? "would be installed now" : labels?.get(version);
    return { label: version, kind: "value", ...(detail !== undefined && { detail }) };
  });
}
