import type { Completion } from "../../../dockerfile/assist/completion/completion.ts";
import { slotAt } from "../../../dockerfile/assist/completion/slot.ts";
import { code, rows } from "../../../dockerfile/assist/hover/markdown.ts";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import { tagSpan } from "../../../dockerfile/references/tagSpan.ts";
import type { Dockerfile, Span } from "../../../dockerfile/syntax/syntax.ts";
import { formatBytes, formatDelta } from "../../../oci/core/bytes.ts";
import { familiarName, formatReference, parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import { newerTags } from "../../../oci/images/newerTags.ts";
import type { ImageDetails } from "../../../references/imageDetails.ts";
import { unpinned } from "../../../references/drift.ts";
import type { PinEffect, ServerCompletion, ServerCompletions } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { KnownTags, TagView } from "../tagLists.ts";
import type { ImagesInText } from "./pins/imagesInText.ts";

// Enough to choose from; typing narrows the list down.
const maxTags = 300;
const maxNewer = 10;

/**
 * The tags of the image that is being written, as far as its registry was asked for them: first those that are newer
 * than a tag that exists, by its own scheme. Until then one item that asks. Waits for no registry.
 */
export function tagCompletion({ file, tags }: Pick<Snapshot, "file" | "tags">, offset: number): ServerCompletions {
  const place = tagPlace(file, offset);
  return place ? tagOffer(place, tags) : { items: [], isIncomplete: false };
}

/** The tags for a place, as far as its registry was asked for them; until then one item that asks. */
export function tagOffer(place: TagPlace, tags: TagView): ServerCompletions {
  const list = tags.get(place.reference);
  if (list === "pending") return { items: [], isIncomplete: true };
  if (list) return { items: tagItems(place, list, tags), isIncomplete: true };
  // Without this item nothing depends on what is typed.
  return tags.mayLookUp ? { items: [lookUpItem(place)], isIncomplete: true } : { items: [], isIncomplete: false };
}

/** The place of a tag in a file. */
export interface TagPlace {
  /** With the tag that is written, if there is one. */
  readonly reference: ImageReference;
  /** From the tag to the end of the reference, behind its digest. */
  readonly span: Span;
  /** The part of the tag before the cursor. */
  readonly typed: string;
  /** The reference where it is used, for a digest of its own. */
  readonly use: { readonly offset: number; readonly written: string };
}

function tagPlace(file: Dockerfile, offset: number): TagPlace | undefined {
  if (!mayBeTag(file.text, offset)) return undefined;
  const place = writtenTag({ text: file.text, references: findReferences(file) }, offset) ?? emptyTag(file, offset);
  return place && isTagPlace(place, file.text) ? place : undefined;
}

/** False for what may be a port, and for text of several lines, which editors don't replace. */
export function isTagPlace({ reference, span }: TagPlace, text: string): boolean {
  return !mayBePort(reference) && !/[\r\n]/.test(text.slice(span.start, span.end));
}

/** True for `localhost:` and `registry.example.com:`, which are more likely a host whose port follows. */
function mayBePort({ writtenName }: Pick<ImageReference, "writtenName">): boolean {
  return !writtenName.includes("/") && (writtenName === "localhost" || writtenName.includes("."));
}

/**
 * True behind a colon, or at the start of a value. Most keystrokes are elsewhere, and finding all references takes
 * time.
 */
function mayBeTag(text: string, offset: number): boolean {
  return /[:="'][\w.-]{0,128}$/.test(text.slice(Math.max(0, offset - 129), offset));
}

/** The tag at an offset of a text with these references. */
export function writtenTag(
  { text, references }: Pick<ImagesInText, "text" | "references">,
  offset: number,
): TagPlace | undefined {
  for (const placed of references) {
    const found = tagSpan(placed, text);
    const { reference } = placed;
    if (!found || !reference || offset < found.tag.start || offset > found.tag.end) continue;
    const typed = text.slice(found.tag.start, offset);
    const span = { start: found.tag.start, end: found.end };
    return { reference, span, typed, use: { offset: placed.span.start, written: placed.written } };
  }
  return undefined;
}

/** A name with a colon and no tag yet isn't a reference, so the word itself is read. */
function emptyTag(file: Dockerfile, offset: number): TagPlace | undefined {
  const slot = slotAt(file, offset);
  if (slot?.kind === "comment" || !slot || !namesImage(slot)) return undefined;
  const { start } = slot.span;
  const written = file.text.slice(start, slot.span.end);
  const name = /^[^\s$@"'`]+(?=:$)/.exec(file.text.slice(start, offset))?.[0];
  const reference = name === undefined ? undefined : parseReference(name);
  if (!reference?.ok || !/^[^@]*:(?:@|$)/.test(written)) return undefined;
  return {
    reference: unpinned(reference.value),
    span: { start: offset, end: slot.span.end },
    typed: "",
    use: { offset: start, written },
  };
}

function namesImage(slot: NonNullable<ReturnType<typeof slotAt>>): boolean {
  switch (slot.kind) {
    case "argument":
      return slot.keyword === "FROM" && slot.words.length === 0;
    case "flagValue":
      return slot.keyword === "COPY" && slot.flag === "from";
    case "mountValue":
      return slot.key === "from";
    default:
      return false;
  }
}

function lookUpItem({ reference, typed, span }: TagPlace): ServerCompletion {
  const name = familiarName(reference);
  return {
    label: `Look up the tags of ${name}…`,
    kind: "value",
    detail: "asks the registry",
    doc: `Contacts ${reference.registry} for the tags of \`${name}\`, and for the date and size of the newest of the same scheme.`,
    text: typed,
    filter: typed,
    span: { start: span.start, end: span.start + typed.length },
    effect: { lookUpTags: formatReference(unpinned(reference)) },
  };
}

function tagItems(place: TagPlace, { names, isCut }: KnownTags, tags: TagView): readonly ServerCompletion[] {
  const { reference, typed } = place;
  // Half a tag is a tag of another scheme by accident.
  const isWhole = reference.tag !== undefined && (isCut || names.includes(reference.tag));
  const newer = isWhole ? newerTags(reference, names).slice(0, maxNewer) : [];
  const found = new Set(newer.map(({ tag }) => tag));
  const others = names.filter((name) => name.includes(typed) && name !== reference.tag && !found.has(name));
  return [
    ...newer.map(({ tag, level }) => ({
      ...tagItem(place, tag, tags),
      detail: [`newer ${level}`, ...factsOf(place, tag, tags)].join(", "),
      filter: typed,
    })),
    ...others.slice(0, maxTags).map((tag) => ({
      ...tagItem(place, tag, tags),
      detail: ["tag", ...factsOf(place, tag, tags)].join(", "),
    })),
  ];
}

/**
 * A tag that replaces the written one. A pinned reference stays pinned: with a digest that is known, or by a lookup.
 */
function tagItem({ reference, span, use }: TagPlace, tag: string, tags: TagView): ServerCompletion {
  const image = tags.imageOf({ ...unpinned(reference), tag });
  const digest = image?.digest;
  const item = { label: tag, kind: "image", span, ...(image && { doc: imageText(image) }) } satisfies Completion;
  if (reference.digest === undefined) return item;
  return digest ? { ...item, text: `${tag}@${digest}` } : { ...item, effect: pinAfter({ reference, span, use }, tag) };
}

function imageText({ digest, platform, createdMs, downloadBytes }: ImageDetails): string {
  return rows([
    ["Created", createdMs === undefined ? undefined : dateText(createdMs)],
    [`Download for ${platform}`, downloadBytes === undefined ? undefined : formatBytes(downloadBytes)],
    ["Digest", digest && code(digest)],
  ]);
}

function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Pins the reference as it is after the insertion. */
function pinAfter({ span, use }: Pick<TagPlace, "reference" | "span" | "use">, tag: string): PinEffect {
  const { offset, written } = use;
  const added = tag.length - (span.end - span.start);
  if (span.end <= offset) return { pin: "pin", offset: offset + added, reference: written };
  const start = span.start - offset;
  return start < 0 || start > written.length
    ? { pin: "pin", offset, reference: written }
    : { pin: "pin", offset, reference: `${written.slice(0, start)}${tag}${written.slice(span.end - offset)}` };
}

/** The date of a tag's image and its difference in size from the written one, as far as they are known. */
function factsOf({ reference }: TagPlace, tag: string, tags: TagView): readonly string[] {
  const image = tags.imageOf({ ...unpinned(reference), tag });
  const written = tags.imageOf(reference) ?? tags.imageOf(unpinned(reference));
  const date = image?.createdMs === undefined ? [] : [dateText(image.createdMs)];
  const bytes = image?.downloadBytes;
  const isComparable = bytes !== undefined && written?.platform === image?.platform;
  return isComparable && written?.downloadBytes !== undefined
    ? [...date, formatDelta(bytes - written.downloadBytes)]
    : date;
}
