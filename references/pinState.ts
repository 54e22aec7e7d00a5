import type { Digest } from "../oci/core/digest.ts";
import type { Image } from "../oci/core/image.ts";
import type { Platform } from "../oci/core/platform.ts";
import { formatReference, withDigest, type ImageReference } from "../oci/core/reference.ts";
import type { DigestContent, DigestReference, DigestResolver, ImageReader } from "../oci/source/source.ts";
import { checkDrift } from "./drift.ts";
import { imageFor, platformName } from "./platforms.ts";

/** A registry's answer about a pin. */
export type PinState =
  | { readonly state: "current" }
  /** The registry no longer has the digest. */
  | { readonly state: "gone" }
  | ({ readonly state: "moved" } & Move);

/** The current digest of a pin's tag. */
export interface Move {
  /** Absent if the tag no longer exists. */
  readonly now?: Digest;
  /** The platform that was compared, as in `linux/amd64`. */
  readonly platform?: string;
  /** True if the tag still has the same image for the platform; absent if unknown. */
  readonly isSameImage?: boolean;
  /** The age difference to the new image of the platform, in milliseconds; absent if an image has no creation time. */
  readonly newerMs?: number;
}

/** The sources for looking up images. */
export interface PinLookup {
  readonly resolver: DigestResolver;
  readonly images: ImageReader;
  /** The platform to compare after a move. */
  readonly platform: Platform;
}

/**
 * Compares a pin with its registry and, after a move, the images of one platform. Undefined if the registry didn't
 * answer. Contacts the registry.
 */
export async function lookUpPin(
  pinned: DigestReference,
  lookup: PinLookup,
  signal: AbortSignal,
): Promise<PinState | undefined> {
  const drift = await checkDrift(pinned, lookup.resolver, signal);
  switch (drift.state) {
    case "ok":
      return { state: "current" };
    case "gone":
      return { state: "gone" };
    case "unknown":
      return undefined;
    case "moved":
      return drift.now === undefined
        ? { state: "moved" }
        : { state: "moved", now: drift.now, ...(await comparedImages(pinned, drift.now, lookup, signal)) };
  }
}

async function comparedImages(
  pinned: DigestReference,
  now: Digest,
  { resolver, images, platform }: PinLookup,
  signal: AbortSignal,
): Promise<Omit<Move, "now">> {
  const imageOf = async (digest: Digest): Promise<Digest | undefined> => {
    const content = await resolver.content({ ...withDigest(pinned, digest), digest }, signal);
    return content.ok ? imageDigest(content.value, digest, platform) : undefined;
  };
  const [before, after] = await Promise.all([imageOf(pinned.digest), imageOf(now)]);
  if (before === undefined || after === undefined) return {};
  const compared = { platform: platformName(platform), isSameImage: before === after };
  if (before === after) return compared;
  const newerMs = await timeBetween([before, after], { pinned, images }, signal);
  return { ...compared, ...(newerMs !== undefined && { newerMs }) };
}

function imageDigest(content: DigestContent, digest: Digest, platform: Platform): Digest | undefined {
  return content.kind === "index" ? content.images && imageFor(platform, content.images)?.digest : digest;
}

// Reproducible builds set a fixed time, usually early in 1970 or 1980, which is meaningless.
const oldestMs = Date.UTC(2000, 0, 1);

async function timeBetween(
  digests: readonly [Digest, Digest],
  { pinned, images }: { readonly pinned: ImageReference; readonly images: ImageReader },
  signal: AbortSignal,
): Promise<number | undefined> {
  const createdMs = await Promise.all(
    digests.map(async (digest) => {
      const image = await images.image(formatReference(withDigest(pinned, digest)), {}, signal);
      return image.ok ? createdMsOf(image.value) : undefined;
    }),
  );
  const [before, after] = createdMs;
  return before !== undefined && after !== undefined && after > before ? after - before : undefined;
}

/** The creation time of an image in milliseconds; undefined if it has none or an impossible one. */
export function createdMsOf({ config }: Image): number | undefined {
  const ms = Date.parse(config.created ?? "");
  return ms >= oldestMs ? ms : undefined;
}
