import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";

/**
 * An image's identity and configuration as all commands print it. Absent values are null, so that every key is always
 * there.
 */
export function imageJson(image: Image) {
  const { reference, id, configDigest, manifestDigest, indexDigest, platform, tags, repoDigests } = image;
  return {
    reference,
    id,
    configDigest: configDigest ?? null,
    manifestDigest: manifestDigest ?? null,
    indexDigest: indexDigest ?? null,
    platform: formatPlatform(platform),
    ...configJson(image),
    tags,
    repoDigests,
    historyPairing: image.historyPairing,
    contentFrom: image.contentFrom?.kind ?? null,
  };
}

/** Everything is null if only the image's history is known. */
function configJson(image: Image) {
  const { config } = image;
  const { created, user, env, entrypoint, cmd, workingDir, exposedPorts, volumes, labels, stopSignal } = config;
  const { healthcheck, healthcheckOptions } = config;
  const json = {
    created: created ?? null,
    user,
    env,
    entrypoint: entrypoint ?? null,
    cmd: cmd ?? null,
    workingDir,
    exposedPorts,
    volumes,
    labels,
    stopSignal: stopSignal ?? null,
    healthcheck: healthcheck ?? null,
    healthcheckOptions: healthcheckOptions ?? null,
  };
  return isConfigKnown(image) ? json : Object.fromEntries(Object.keys(json).map((key) => [key, null]));
}

export function stepJson({ createdBy, created, comment }: HistoryStep) {
  return { createdBy, created: created ?? null, comment: comment ?? null };
}

/** A layer by all its names; sizes are null if the source doesn't know them. */
export function layerIdentityJson({ digest, diffId, mediaType, blobBytes }: Layer) {
  return { diffId, digest: digest ?? null, mediaType: mediaType ?? null, blobBytes: blobBytes ?? null };
}

export function manifestJson({
  digest,
  mediaType,
  kind,
  platform,
  subject,
  annotations,
  isAvailable,
  blobBytes,
  unpackedBytes,
  containers,
}: ManifestSummary) {
  return {
    digest,
    mediaType,
    kind,
    platform: platform === undefined ? null : formatPlatform(platform),
    subject: subject ?? null,
    annotations,
    isAvailable: isAvailable ?? null,
    blobBytes: blobBytes ?? null,
    unpackedBytes: unpackedBytes ?? null,
    containers: containers ?? null,
  };
}
