import type { Instruction, Span } from "../../syntax/syntax.ts";
import {
  joinOffers,
  noOffer,
  values,
  type Completion,
  type CompletionInput,
  type CompletionList,
  type Offer,
} from "./completion.ts";
import { folderOffer, wordOffer } from "./arguments.ts";
import { commentItems } from "./comments.ts";
import { flagOffer, flagValueOffer, mountKeyOffer, mountType, mountValueOffer } from "./flags.ts";
import { baseOffer, sourceOffer } from "./images.ts";
import { imagePathOffer } from "./imagePaths.ts";
import { keywordOffer } from "./keywords.ts";
import { packageVersionOffer } from "./packageVersions.ts";
import { pathOffer } from "./paths.ts";
import { slotAt, type ArgumentSlot, type Slot } from "./slot.ts";
import { userOffer } from "./users.ts";
import { variableOffer } from "./variables.ts";

/** Everything that can be written at an offset of a Dockerfile. Reads facts without waiting for them. */
export function complete(input: CompletionInput, offset: number): CompletionList {
  const { file } = input.build;
  const slot = slotAt(file, offset);
  if (!slot) return { span: { start: offset, end: offset }, items: [], isIncomplete: false };
  if (slot.kind === "comment") return { ...commentItems(file, offset, slot.before), isIncomplete: false };
  const offer = offerFor(input, slot, offset);
  const span = offer.span ?? slot.span;
  const items = unique(offer).map((item) => (file.text[span.end] === "=" ? withoutEquals(item) : item));
  return { span, items, isIncomplete: offer.isIncomplete === true };
}

/** A name before the = that is already there. */
function withoutEquals({ snippet, ...item }: Completion): Completion {
  const text = item.text ?? item.label;
  return text.endsWith("=")
    ? { ...item, text: text.slice(0, -1) }
    : { ...item, ...(snippet !== undefined && { snippet }) };
}

/** An offer that may replace only a part of the word. */
type PlacedOffer = Offer & { readonly span?: Span };

function offerFor(
  input: CompletionInput,
  slot: Exclude<Slot, { readonly kind: "comment" }>,
  offset: number,
): PlacedOffer {
  switch (slot.kind) {
    case "keyword":
      return keywordOffer(input.build.file, slot);
    case "flag":
      return flagOffer(slot);
    case "flagValue":
      return flagValue(input, slot, offset);
    case "mountKey":
      return mountKeyOffer(slot);
    case "mountValue":
      return mountValue(input, slot, offset);
    case "variable":
      return variableOffer(input, slot);
    case "argument":
      return argument(input, slot, slot.instruction, offset);
  }
}

function flagValue(
  input: CompletionInput,
  { keyword, flag, instruction, span }: Extract<Slot, { readonly kind: "flagValue" }>,
  offset: number,
): Offer {
  if (keyword === "COPY" && flag === "from") return sourceOffer(input, instruction?.stageIndex);
  if (flag === "chown" && (keyword === "COPY" || keyword === "ADD"))
    return userOffer(input, instruction, input.build.file.text.slice(span.start, offset));
  return flagValueOffer(keyword, flag);
}

function mountValue(
  input: CompletionInput,
  { key, given, span, instruction }: Extract<Slot, { readonly kind: "mountValue" }>,
  offset: number,
): PlacedOffer {
  if (key === "from") return sourceOffer(input, instruction?.stageIndex);
  const isSource = (key === "source" || key === "src") && mountType(given) === "bind";
  if (!isSource) return mountValueOffer(key);
  const path = { span, typed: input.build.file.text.slice(span.start, offset), takesBlanks: false };
  const from = valueOf(given, /^from=/i);
  return from === undefined
    ? pathOffer(input.facts, path)
    : imagePathOffer(input, { from, stageIndex: instruction?.stageIndex }, path);
}

function argument(
  input: CompletionInput,
  slot: ArgumentSlot & { readonly span: Span },
  instruction: Instruction | undefined,
  offset: number,
): PlacedOffer {
  switch (slot.keyword) {
    case "FROM":
      return fromArgument(input, slot, instruction?.span.start ?? offset);
    case "COPY":
    case "ADD":
      return namesHeredoc(slot) ? noOffer : copyArgument(input, slot, instruction);
    case "USER":
      return slot.words.length === 0 ? userOffer(input, instruction, slot.typed) : noOffer;
    case "RUN":
      return packageVersionOffer(input, slot, instruction);
    default:
      return wordOffer(input, slot, instruction);
  }
}

function fromArgument(input: CompletionInput, { words }: ArgumentSlot, start: number): Offer {
  if (words.length === 0) return baseOffer(input, start);
  return words.length === 1 ? { items: [{ label: "AS", kind: "keyword", snippet: "AS ${1:stage}" }] } : noOffer;
}

/**
 * Sources come from the build context unless `--from` names another place. The word after a source may be the
 * destination.
 */
function copyArgument(
  input: CompletionInput,
  { words, flags, typed, isJson, span }: ArgumentSlot & { readonly span: Span },
  instruction: Instruction | undefined,
): PlacedOffer {
  const from = valueOf(flags, /^--from=/);
  const path = { span, typed, takesBlanks: isJson };
  if (from !== undefined && words.length === 0)
    return imagePathOffer(input, { from, stageIndex: instruction?.stageIndex }, path);
  const isAbsolute = words.length > 0 && typed.startsWith("/");
  const paths = from !== undefined || isAbsolute ? undefined : pathOffer(input.facts, path);
  if (words.length === 0) return paths ?? noOffer;
  // Two words with different starts can't be offered together; below a folder there are only sources.
  if (paths && typed.includes("/")) return paths;
  const destinations = joinOffers(
    { items: values(["./"], "folder", "working folder") },
    folderOffer(input, instruction),
  );
  return { ...joinOffers(destinations, paths ?? noOffer), span };
}

/** True after `<<`, with or without blanks: the name of a heredoc follows. */
function namesHeredoc({ words }: ArgumentSlot): boolean {
  return /^\d*<<-?$/.test(words.at(-1) ?? "");
}

/** The value of the first flag or option that begins with its name. */
function valueOf(given: readonly string[], name: RegExp): string | undefined {
  return given.find((field) => name.test(field))?.replace(name, "");
}

function unique({ items }: Offer): CompletionList["items"] {
  return [...new Map(items.toReversed().map((item) => [item.label, item])).values()].reverse();
}
