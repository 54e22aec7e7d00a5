import { formatPlatform, parsePlatform, runsOn, type Platform } from "../oci/core/platform.ts";
import type { DigestContent, PlatformImage } from "../oci/source/source.ts";

/** `linux/arm64`. */
export function platformName(platform: Platform): string {
  return formatPlatform(platform);
}

/** States that an image is for a single platform, as the end of a sentence; empty otherwise. */
export function describeContent(content: DigestContent): string {
  if (content.kind === "image")
    return `, an image of a single platform${content.platform ? ` (${platformName(content.platform)})` : ""}`;
  const [only, ...more] = content.images ?? [];
  return only && more.length === 0 ? `, an index of a single platform (${platformName(only.platform)})` : "";
}

/**
 * The warning if the image has no content for a platform that the file asks for; undefined if it has, or if that isn't
 * known.
 */
export function missingPlatform(wanted: string, content: DigestContent): string | undefined {
  const platform = parsePlatform(wanted);
  const offered = platformsOf(content);
  if (!platform || !offered || offered.some((one) => runsOn(platform, one))) return undefined;
  const names = [...new Set(offered.map(platformName))];
  return `it has no ${platformName(platform)}, which --platform requires: ${names.length === 0 ? "it lists no platforms" : `it has ${names.join(", ")}`}`;
}

/** The image for exactly this platform, or else the first that runs on it. */
export function imageFor(platform: Platform, images: readonly PlatformImage[]): PlatformImage | undefined {
  const name = platformName(platform);
  return (
    images.find((image) => platformName(image.platform) === name) ??
    images.find((image) => runsOn(platform, image.platform))
  );
}

function platformsOf(content: DigestContent): readonly Platform[] | undefined {
  if (content.kind === "index") return content.images?.map(({ platform }) => platform);
  return content.platform && [content.platform];
}
