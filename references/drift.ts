import type { Digest } from "../oci/core/digest.ts";
import { success, type OciError, type Result } from "../oci/core/error.ts";
import type { Platform } from "../oci/core/platform.ts";
import { withDigest, type ImageReference } from "../oci/core/reference.ts";
import type { DigestReference, DigestResolver, ResolvedDigest } from "../oci/source/source.ts";

/** A pinned digest against what the registry has now. */
export type Drift =
  /**
   * The tag points to the digest, or to an index that has it for `platform`, or there is no tag and the digest exists.
   */
  | { readonly state: "ok"; readonly platform?: Platform }
  /** The digest exists, but the tag now points to `now`; if `now` is absent, the tag no longer exists. */
  | { readonly state: "moved"; readonly now?: Digest }
  /** The registry no longer has the digest: builds fail. */
  | { readonly state: "gone" }
  | { readonly state: "unknown"; readonly error: OciError };

/** Compares a pin with the registry. Takes one request if the tag still points to it. */
export async function checkDrift(
  pinned: DigestReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Drift> {
  const now = pinned.tag === undefined ? undefined : await resolver.resolve(unpinned(pinned), signal);
  if (now?.ok && now.value.digest === pinned.digest) return { state: "ok" };
  if (now && !now.ok && now.error.kind !== "notFound") return { state: "unknown", error: now.error };
  const kept = await resolver.resolve(pinned, signal);
  if (!kept.ok) return kept.error.kind === "notFound" ? { state: "gone" } : { state: "unknown", error: kept.error };
  if (now === undefined) return { state: "ok" };
  return now.ok ? movedTo(now.value, { pinned, isIndex: kept.value.isIndex }, resolver, signal) : { state: "moved" };
}

/** The drift of a tag that points to another digest: the pin may be one platform's image in it. */
async function movedTo(
  now: ResolvedDigest,
  { pinned, isIndex }: { readonly pinned: DigestReference; readonly isIndex: boolean },
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Drift> {
  const moved: Drift = { state: "moved", now: now.digest };
  if (!now.isIndex || isIndex) return moved;
  const platform = await platformIn(pinned, now.digest, resolver, signal);
  if (!platform.ok) return { state: "unknown", error: platform.error };
  return platform.value ? { state: "ok", platform: platform.value } : moved;
}

/** The platform whose image in the index is the pinned digest; undefined if the index doesn't contain it. */
async function platformIn(
  pinned: DigestReference,
  index: Digest,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Result<Platform | undefined>> {
  const content = await resolver.content({ ...withDigest(pinned, index), digest: index }, signal);
  if (!content.ok) return content;
  const images = content.value.kind === "index" ? content.value.images : undefined;
  return success(images?.find(({ digest }) => digest === pinned.digest)?.platform);
}

/** The reference as it would be without its pin. */
export function unpinned({ digest: _, ...rest }: ImageReference): ImageReference {
  return rest;
}
