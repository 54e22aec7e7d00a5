import type { Digest } from "../oci/core/digest.ts";
import { writtenReference, type ImageReference } from "../oci/core/reference.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import type { Dockerfile } from "../dockerfile/syntax/syntax.ts";
import { pinEdit } from "./edit.ts";
import { findReferences } from "../dockerfile/references/findReferences.ts";

/** A name of an image, and the digest to pin it to. */
export interface PinName {
  readonly reference: ImageReference;
  readonly digest: Digest;
}

/** A reference to the image in a file. */
export interface ImagePin {
  /** As written in the file. */
  readonly reference: string;
  readonly offset: number;
  /** The edit that pins it, or the reason why it isn't pinned. */
  readonly result:
    { readonly kind: "edit"; readonly edit: Change } | { readonly kind: "problem"; readonly reason: string };
}

/**
 * Plans the edits that pin a file's references to an image to its digests. A reference matches by repository and tag,
 * however its registry is written. References already pinned to that digest, or with a digest and no tag, are left out;
 * another digest is replaced. References that share an ARG share one edit. In file order.
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

/** A digest without a tag may belong to any tag's image. */
function tagOf({ tag, digest }: ImageReference): string | undefined {
  return tag ?? (digest === undefined ? "latest" : undefined);
}
