import type { Digest } from "../oci/core/digest.ts";
import type { ImageReference } from "../oci/core/reference.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import type { EditTarget } from "../dockerfile/references/target.ts";

/** An {@link EditTarget} that can be edited. */
export type Editable = Exclude<EditTarget, { readonly kind: "none" }>;

/**
 * Adds the digest after name and tag, or replaces an existing one. A reference without a tag gets `:latest`, so that
 * the tag the digest was taken from stays visible. Everything else keeps its form.
 */
export function pinEdit(target: Editable, reference: ImageReference, digest: Digest): Change {
  if (target.digestSpan) return { span: target.digestSpan, text: `@${digest}` };
  const tag = reference.tag === undefined ? ":latest" : "";
  return { span: { start: target.end, end: target.end }, text: `${tag}@${digest}` };
}

/** Removes the digest and keeps name and tag; undefined if there is no digest. */
export function unpinEdit(target: Editable): Change | undefined {
  return target.digestSpan && { span: target.digestSpan, text: "" };
}
