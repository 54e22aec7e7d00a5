import { localImageOffer } from "../../../dockerfile/assist/completion/images.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import { unpinned } from "../../../references/drift.ts";
import type { ServerCompletionList } from "../answers.ts";
import type { ImageFileSnapshot } from "../documents/imageFileSnapshot.ts";
import { isTagPlace, tagOffer, writtenTag, type TagPlace } from "./tagCompletion.ts";

/**
 * The local engine's images and the tags of a registry, where a Compose, Bake, workflow or dev container file names an
 * image. Waits for no registry.
 */
export async function imageFileCompletion(snapshot: ImageFileSnapshot, offset: number): Promise<ServerCompletionList> {
  const reading = (await readingAt(snapshot, offset)) ?? { text: "", references: [], added: 0 };
  const tag = tagIn(reading, offset);
  const tags = tag && isTagPlace(tag, snapshot.text) ? tagOffer(tag, snapshot.tags) : { items: [] };
  const word = wordIn(reading, offset);
  const images = word ? localImageOffer(snapshot) : { items: [] };
  return {
    span: word ?? { start: offset, end: offset },
    items: [...tags.items, ...images.items],
    isIncomplete: tags.isIncomplete === true || images.isIncomplete === true,
  };
}

/** A text in which there is a reference at the cursor. */
interface Reading {
  readonly text: string;
  readonly references: readonly PlacedReference[];
  /** The length of what was added at the cursor. */
  readonly added: 0 | 1;
}

/** Reads the text with a letter at the cursor where a name or a tag is still empty, and so no reference. */
async function readingAt(snapshot: ImageFileSnapshot, offset: number): Promise<Reading | undefined> {
  const { text, references } = snapshot;
  if (referenceAt(references, offset)?.reference) return { text, references, added: 0 };
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  if (!mayNameImage.test(line)) return undefined;
  const added = `${text.slice(0, offset)}${letter}${text.slice(offset)}`;
  return { text: added, references: await snapshot.findIn(added), added: 1 };
}

const letter = "x";
/** A value that begins, or a name with a colon: a key of YAML is neither. */
const mayNameImage = /(?:(?:[:=[,(]|FROM)\s*["']?|:\/\/)(?:[\w./:-]*[\w-]:)?$/;

function referenceAt(references: readonly PlacedReference[], offset: number): PlacedReference | undefined {
  return references.find(({ span }) => span.start <= offset && offset <= span.end);
}

function tagIn(reading: Reading, offset: number): TagPlace | undefined {
  const place = writtenTag(reading, offset);
  if (!place || reading.added === 0) return place;
  const { reference, span, use } = place;
  // The letter may also have become the name of an image, or a part of another tag.
  if (reference.tag !== letter || span.start !== offset) return undefined;
  const at = offset - use.offset;
  const written = `${use.written.slice(0, at)}${use.written.slice(at + 1)}`;
  return {
    reference: unpinned(reference),
    span: { start: offset, end: span.end - 1 },
    typed: "",
    use: { ...use, written },
  };
}

/** The name at the cursor with all that belongs to it, unless it has variables or the cursor is behind its colon. */
function wordIn({ text, references, added }: Reading, offset: number): Span | undefined {
  const placed = referenceAt(references, offset);
  if (!placed) return undefined;
  const { start, end } = placed.span;
  const isName = /^[^\s:@$"']*$/.test(text.slice(start, offset)) && !/[\s$"']/.test(text.slice(start, end));
  return isName ? { start, end: end - added } : undefined;
}
