import { baseName } from "../../shell/inEffect.ts";
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
  { words, typed, span }: ArgumentSlot & { readonly span: Span },
  instruction: Instruction | undefined,
): Offer & { readonly span?: Span } {
  const install = instruction && installAt(words);
  const place = install && packageAt(install.program, typed);
  if (!install || !place) return noOffer;
  const found = install.program.find({ build, instruction, words: install.words, isWhole: false }, place.name);
  const isClosed = place.quote !== "" && build.file.text.slice(span.start + 1, span.end).endsWith(place.quote);
  const version = { start: span.start + place.start, end: span.end - (isClosed ? 1 : 0) };
  if (found === undefined || found === "pending")
    return { items: [], isIncomplete: found === "pending", span: version };
  const items = itemsOf(found, typed.slice(place.start));
  return { items: items.slice(0, maxItems), span: version, isIncomplete: items.length > maxItems };
}

/** The command of a package manager before the cursor, after others of its script. */
function installAt(
  words: readonly string[],
): { readonly program: VersionedProgram; readonly words: readonly string[] } | undefined {
  const start = words.findLastIndex((word) => /[;&|(){}]$/.test(word));
  const command = words.slice(start + 1);
  const [first = "", second = "", ...rest] = command.filter((word) => !/^\w+=/.test(word));
  const [name, args] = baseName(first) === "sudo" ? [second, rest] : [first, [second, ...rest]];
  const program = versionedProgram(name);
  return program?.actions.some((action) => args.includes(action)) ? { program, words: args } : undefined;
}

/** The package whose version the cursor is in, and where in the word that begins. */
function packageAt(
  { separator, package: pattern }: VersionedProgram,
  typed: string,
): { readonly name: string; readonly start: number; readonly quote: string } | undefined {
  const quote = /^["']?/.exec(typed)?.[0] ?? "";
  // Nothing more belongs to a version after the closing quote.
  if (quote !== "" && typed.length > 1 && typed.endsWith(quote)) return undefined;
  // A scope begins with the separator: `@acme/tool@1.0`.
  const at = typed.lastIndexOf(separator);
  const name = at > quote.length ? pattern.exec(typed.slice(quote.length, at))?.[1] : undefined;
  return name === undefined ? undefined : { name, start: at + separator.length, quote };
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
