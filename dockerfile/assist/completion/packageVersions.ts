import { baseName } from "../../shell/inEffect.ts";
import { aptVersionsAt } from "../../size/programs/aptVersions.ts";
import type { Instruction, Span } from "../../syntax/syntax.ts";
import { noOffer, type Completion, type CompletionInput, type Offer } from "./completion.ts";
import type { ArgumentSlot } from "./slot.ts";

/** The versions of the package at the cursor, after `apt-get install NAME=`; the one that apt would install first. */
export function packageVersionOffer(
  { build }: CompletionInput,
  { words, typed, span }: ArgumentSlot & { readonly span: Span },
  instruction: Instruction | undefined,
): Offer & { readonly span?: Span } {
  const [, start = "", name = ""] = /^(([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9]+)?=)[^=]*$/.exec(typed) ?? [];
  if (name === "" || !instruction || !isAptInstall(words)) return noOffer;
  const versions = aptVersionsAt(build, instruction);
  const place = { start: span.start + start.length, end: span.end };
  if (versions === undefined || versions === "pending")
    return { items: [], isIncomplete: versions === "pending", span: place };
  const candidate = versions.candidate(name);
  const others = versions.versionsOf(name).filter((version) => version !== candidate);
  const items = [...(candidate === undefined ? [] : [candidate]), ...others].map((version): Completion => ({
    label: version,
    kind: "value",
    ...(version === candidate && { detail: "would be installed now" }),
  }));
  return { items, span: place };
}

/** True if the words before the cursor are a command of apt that installs packages, after others of its script. */
function isAptInstall(words: readonly string[]): boolean {
  const start = words.findLastIndex((word) => /[;&|(){}]$/.test(word));
  const [first = "", second = "", ...rest] = words.slice(start + 1).filter((word) => !/^\w+=/.test(word));
  const [program, args] = baseName(first) === "sudo" ? [second, rest] : [first, [second, ...rest]];
  return /^(?:apt|apt-get|aptitude)$/.test(baseName(program)) && args.includes("install");
}
