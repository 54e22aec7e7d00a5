import type { Digest } from "../oci/core/digest.ts";
import { success, type OciError, type Result } from "../oci/core/error.ts";
import type { Platform } from "../oci/core/platform.ts";
import { withDigest, type ImageReference } from "../oci/core/reference.ts";
import type { DigestContent, DigestReference, DigestResolver, ResolvedDigest } from "../oci/source/source.ts";
import { unpinned } from "./drift.ts";
import { imageFor } from "./platforms.ts";

/**
 * The digest of a tag and the content it stands for. It was read by digest, so it is known to exist and to be an image.
 */
export interface Confirmed extends ResolvedDigest {
  readonly content: DigestContent;
}

/** Resolves a tag and reads the result by digest. A registry's claim alone is not proof. */
export async function confirm(
  tagged: ImageReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Result<Confirmed>> {
  const resolved = await resolver.resolve(tagged, signal);
  if (!resolved.ok) return resolved;
  const content = await resolver.content(byDigest(tagged, resolved.value.digest), signal);
  return content.ok ? success({ ...resolved.value, content: content.value }) : content;
}

/** The digest to which a pin would be updated. */
export type Newer =
  /** `platform`: the pinned digest is this platform's image in what the tag points to. */
  | { readonly state: "same"; readonly platform?: Platform }
  /** `platform`: the pin was one platform's image, and the new digest is the same platform's. */
  | ({ readonly state: "newer"; readonly platform?: Platform } & Confirmed)
  /** The pin is one platform's image, and the tag no longer has one for it. */
  | { readonly state: "lacksPlatform"; readonly platform: Platform }
  | { readonly state: "failed"; readonly error: OciError };

/** Looks up the digest to which a pinned tag points now. A pin to the image of one platform stays on that platform. */
export async function newerDigest(
  pinned: DigestReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Newer> {
  const now = await resolver.resolve(unpinned(pinned), signal);
  if (!now.ok) return { state: "failed", error: now.error };
  if (now.value.digest === pinned.digest) return { state: "same" };
  const content = await resolver.content(byDigest(pinned, now.value.digest), signal);
  if (!content.ok) return { state: "failed", error: content.error };
  const newer: Newer = { state: "newer", ...now.value, content: content.value };
  const images = content.value.kind === "index" ? content.value.images : undefined;
  if (!images) return newer;
  const same = images.find(({ digest }) => digest === pinned.digest);
  if (same) return { state: "same", platform: same.platform };
  const old = await singlePlatform(pinned, resolver, signal);
  if (!old.ok) return { state: "failed", error: old.error };
  if (!old.value) return newer;
  const image = imageFor(old.value, images);
  return image
    ? { ...newer, digest: image.digest, isIndex: false, platform: image.platform }
    : { state: "lacksPlatform", platform: old.value };
}

/**
 * The platform of a pinned single image; undefined for an index, or if the digest is gone and its platform can't be
 * known.
 */
async function singlePlatform(
  pinned: DigestReference,
  resolver: DigestResolver,
  signal: AbortSignal,
): Promise<Result<Platform | undefined>> {
  // This lookup doesn't count as a pull. Most pins are indexes.
  const kept = await resolver.resolve(pinned, signal);
  if (!kept.ok) return kept.error.kind === "notFound" ? success(undefined) : kept;
  if (kept.value.isIndex) return success(undefined);
  const content = await resolver.content(pinned, signal);
  if (!content.ok) return content;
  return success(content.value.kind === "image" ? content.value.platform : undefined);
}

function byDigest(reference: ImageReference, digest: Digest): DigestReference {
  return { ...withDigest(reference, digest), digest };
}
