import type { Digest } from "../oci/core/digest.ts";
import { writtenReference, type ImageReference } from "../oci/core/reference.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import type { Dockerfile } from "../dockerfile/syntax/syntax.ts";
import { pinEdit } from "./edit.ts";
import { findReferences } from "../dockerfile/references/findReferences.ts";

/** A name of an image, and the digest it is to be pinned to there. */
export interface PinName {
  readonly reference: ImageReference;
  readonly digest: Digest;
}

/** One reference of the image in a file. */
export interface ImagePin {
  /** As it stands in the file. */
  readonly reference: string;
  readonly offset: number;
  /** What pins it, or why nothing does. */
  readonly result:
    { readonly kind: "edit"; readonly edit: Change } | { readonly kind: "problem"; readonly reason: string };
}

/**
 * What pins an image's references in a file to the digests that it has: those that name it by repository and tag, however they
 * write the registry. What is pinned to that digest already, or says a digest without a tag, is left out; another digest is replaced.
 * References that share an ARG share its edit, which stands once. In the file's order.
 */
export function planImagePins(file: Dockerfile, names: readonly PinName[]): readonly ImagePin[] {
  const seen = new Set<number>();
  return findReferences(file).flatMap(({ reference, target, span, written }): readonly ImagePin[] => {
    const digest = reference && digestFor(reference, names);
    if (!reference || !digest || reference.digest === digest) return [];
    if (target.kind === "none")
      return [{ reference: written, offset: span.start, result: { kind: "problem", reason: target.reason } }];
    const edit = pinEdit(target, reference, digest);
    if (seen.has(edit.span.start)) return [];
    seen.add(edit.span.start);
    return [{ reference: writtenReference(reference), offset: edit.span.start, result: { kind: "edit", edit } }];
  });
}

function digestFor(reference: ImageReference, names: readonly PinName[]): Digest | undefined {
  const tag = tagOf(reference);
  return names.find(
    ({ reference: name }) =>
      tag !== undefined &&
      name.registry === reference.registry &&
      name.repository === reference.repository &&
      tagOf(name) === tag,
  )?.digest;
}

/** A digest without a tag may be of any tag's image. */
function tagOf({ tag, digest }: ImageReference): string | undefined {
  return tag ?? (digest === undefined ? "latest" : undefined);
}
