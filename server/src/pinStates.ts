import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import type { ImageDetails } from "../../references/imageDetails.ts";
import type { PinState } from "../../references/pinState.ts";
import { formatReference, withDefaultTag, type ImageReference } from "../../oci/core/reference.ts";
import { createLru } from "../../oci/source/lru.ts";

/** Facts from registries about an image that a file names. */
export interface KnownImage {
  readonly atMs: number;
  /** About its digest; absent if it has none, or the registry gave no answer. */
  readonly pin?: PinState;
  /** Details of the image; only if the user asked for them. */
  readonly image?: ImageDetails;
}

/** An image with what its registry just said. */
export type LearnedImage = Omit<KnownImage, "atMs"> & { readonly reference: ImageReference };

/** Facts about the images that a document names. */
export interface PinView {
  /** Undefined for an image that nothing is known of. */
  get(placed: PlacedReference): KnownImage | undefined;
  /** The address of a command that looks an image up; absent in an editor without such links. */
  readonly linkTo?: (placed: PlacedReference) => string;
}

/** Keeps what registries said about images for as long as that is worth showing. */
export interface PinStates {
  /** Returns what is known; looks nothing up. */
  get(reference: ImageReference): KnownImage | undefined;
  learn(found: readonly LearnedImage[]): void;
  /** Looks an image up in the background, unless it is known or being looked up. */
  watch(reference: ImageReference, lookUp: () => Promise<Omit<KnownImage, "atMs">>): void;
}

// As old as the answers that pins are made of.
const maxAgeMs = 60 * 60_000;
// A registry that gave no answer is asked again after this.
const failureMs = 10 * 60_000;
// The images of a large workspace, at a few hundred bytes each.
const maxKnown = 2000;

export function createPinStates(onChange: () => void, now: () => number = Date.now): PinStates {
  const states = createLru<string, KnownImage>(maxKnown, () => 1);
  const underWay = new Set<string>();
  const keyOf = (reference: ImageReference): string => formatReference(withDefaultTag(reference));
  const get = (reference: ImageReference): KnownImage | undefined => {
    const known = states.get(keyOf(reference));
    return known && now() - known.atMs < (isAnswer(known) ? maxAgeMs : failureMs) ? known : undefined;
  };
  const learn = (found: readonly LearnedImage[]): void => {
    for (const { reference, ...known } of found) {
      // What a registry said stays true enough if it doesn't respond later.
      if (isAnswer(known) || !get(reference)) states.set(keyOf(reference), { ...known, atMs: now() });
    }
    if (found.length > 0) onChange();
  };
  return {
    get,
    learn,
    watch(reference, lookUp) {
      const key = keyOf(reference);
      if (underWay.has(key) || get(reference)) return;
      underWay.add(key);
      lookUp()
        .then((known) => learn([{ reference, ...known }]))
        // Cancelled at the end of the session; anything else that is thrown is a bug, and not for each keystroke.
        .catch(() => learn([{ reference }]))
        .finally(() => underWay.delete(key));
    },
  };
}

function isAnswer({ pin, image }: Omit<KnownImage, "atMs">): boolean {
  return pin !== undefined || image !== undefined;
}
