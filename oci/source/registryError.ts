import type { OciError } from "../core/error.ts";
import { formatReference, type ImageReference } from "../core/reference.ts";

/** The error for an answer other than 200 to a request for `reference`. */
export function statusError(reference: ImageReference, status: number): OciError {
  const what = formatReference(reference);
  if (status === 404) return { kind: "notFound", what, message: `${what} does not exist in its registry` };
  if (status === 401 || status === 403) return { kind: "unauthorized", what, message: `${reference.registry} does not give out ${what} (${status}); log in to it` };
  return { kind: "badAnswer", endpoint: reference.registry, status, message: `${reference.registry} failed for ${what} (${status})` };
}

/** The error for content that is not what its digest says. */
export function mismatchError(what: string, registry: string): OciError {
  return { kind: "digestMismatch", what, message: `${registry} answered other content than the digest of ${what} stands for; do not use it` };
}
