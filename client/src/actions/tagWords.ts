import { shortDigest } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { Confirmation } from "./dialogs.ts";
import { completeName, findNamed, otherNames } from "./names.ts";
import { imageInShort } from "./transferWords.ts";

/** What giving a name to an image would do, in half a line. `id` is absent for an image that is not made yet. */
export function tagEffect(id: string | undefined, text: string, images: readonly ImageSummary[]): string {
  const reference = completeName(text) ?? text;
  const holder = findNamed(images, reference);
  if (holder === undefined) return `a new name${reference === text ? "" : `: ${reference}`}`;
  if (holder.id === id) return "this image has this name already";
  return `now names ${imageInShort(holder)}${otherNames(holder, reference).length > 0 ? "" : ", which would become dangling"}`;
}

/** Asks before a name is taken from another image; undefined where none loses it. */
export function moveConfirmation(id: string | undefined, reference: string, images: readonly ImageSummary[]): Confirmation | undefined {
  const holder = findNamed(images, reference);
  if (holder === undefined || holder.id === id) return undefined;
  const left = otherNames(holder, reference);
  return {
    message: `Move the name ${reference} to ${id === undefined ? "the new image" : shortDigest(id)}?`,
    detail: [
      `It names ${imageInShort(holder)} now.`,
      left.length > 0 ? `That image keeps ${left.length === 1 ? "the name" : "the names"} ${left.join(", ")}.` : "That image would have no name left: it would become dangling, and pruning would remove it.",
    ],
    action: "Move Name",
  };
}
