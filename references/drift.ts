import type { Digest } from "../oci/core/digest.ts";
import type { OciError } from "../oci/core/error.ts";
import type { ImageReference } from "../oci/core/reference.ts";
import type { DigestResolver } from "../oci/source/source.ts";

/** A pinned digest against what the registry has now. */
export type Drift =
  /** The tag points to the digest, or there is no tag and the digest exists. */
  | { readonly state: "ok" }
  /** The digest exists, and the tag points elsewhere now; nowhere where `now` is absent. */
  | { readonly state: "moved"; readonly now?: Digest }
  /** The registry no longer has the digest: builds fail. */
  | { readonly state: "gone" }
  | { readonly state: "unknown"; readonly error: OciError };

/** An image reference that has a digest. */
export type PinnedReference = ImageReference & { readonly digest: Digest };

/** Compares a pin with the registry; one request where the tag still points to it. */
export async function checkDrift(
  pinned: PinnedReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Drift> {
  const now = pinned.tag === undefined ? undefined : await resolver.resolve(unpinned(pinned), signal);
  if (now?.ok && now.value.digest === pinned.digest) return { state: "ok" };
  if (now && !now.ok && now.error.kind !== "notFound") return { state: "unknown", error: now.error };
  const kept = await resolver.resolve(pinned, signal);
  if (!kept.ok) return kept.error.kind === "notFound" ? { state: "gone" } : { state: "unknown", error: kept.error };
  if (now === undefined) return { state: "ok" };
  return now.ok ? { state: "moved", now: now.value.digest } : { state: "moved" };
}

/** The reference as it would be without its pin. */
export function unpinned({ digest: _, ...rest }: ImageReference): ImageReference {
  return rest;
}
