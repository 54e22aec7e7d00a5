import { formatPlatform, normalisePlatform, parsePlatform } from "../../../oci/core/platform.ts";
import type { OciError } from "../../../oci/core/error.ts";
import type { ImageReader } from "../../../oci/source/source.ts";
import type { BaseImageFact, FactKey, FactState } from "../fact.ts";

/**
 * Looks up the local image of a reference. If the image or the engine is missing, the fact is "unavailable" with the
 * reason.
 */
export async function fetchBaseImage(
  key: Extract<FactKey, { readonly kind: "baseImage" }>,
  reader: ImageReader,
  signal: AbortSignal,
): Promise<FactState<BaseImageFact>> {
  const platform = key.platform === undefined ? undefined : parsePlatform(key.platform);
  if (key.platform !== undefined && !platform)
    return {
      state: "unavailable",
      reason: `"${key.platform}" is not a platform; write os/architecture, e.g. linux/arm64`,
    };
  const image = await reader.image(key.reference, platform ? { platform } : {}, signal);
  if (!image.ok)
    return { state: "unavailable", reason: image.error.kind === "notFound" ? notHere(key) : image.error.message };
  const { engineBytes, engineSizeKind, id, config, manifests, indexDigest } = image.value;
  if (engineBytes === undefined)
    return {
      state: "unavailable",
      reason: `the engine does not say how large ${key.reference} is for ${formatPlatform(image.value.platform)}; it may not be unpacked`,
    };
  return {
    state: "known",
    value: {
      bytes: engineBytes,
      ...(engineSizeKind === "tar" && { isUpperBound: true }),
      ...(engineSizeKind === "disk" && { unit: "disk" }),
      id,
      user: config.user,
      env: config.env,
      workingDir: config.workingDir,
      layers: image.value.layers.map(({ diffId }) => diffId),
      platform: formatPlatform(normalisePlatform(image.value.platform)),
      ...(manifests && !indexDigest && { isSinglePlatform: true }),
    },
  };
}

/** The fact if no engine is available. */
export function withoutEngine(error: OciError): FactState<never> {
  // Another view lists the places that were tried; here there is room for one line.
  const tried = error.kind === "engineUnreachable" ? error.tried.length : 0;
  return {
    state: "unavailable",
    reason: tried > 1 ? "no container engine is responding; start Docker, or set DOCKER_HOST" : error.message,
  };
}

function notHere({ reference, platform }: { readonly reference: string; readonly platform?: string }): string {
  const option = platform === undefined ? "" : ` --platform ${platform}`;
  return `the engine doesn't have ${reference}${platform === undefined ? "" : ` for ${platform}`}; run "docker pull${option} ${reference}"`;
}
