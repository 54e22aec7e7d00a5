import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";

/**
 * An image's identity and configuration as all commands print it. Absent values are null, so that every key is always
 * there.
 */
export function imageJson({
  reference,
  id,
  configDigest,
  manifestDigest,
  indexDigest,
  platform,
  config,
  tags,
  repoDigests,
  historyPairing,
}: Image) {
  const { created, user, env, entrypoint, cmd, workingDir, exposedPorts, volumes, labels, stopSignal } = config;
  const { healthcheck, healthcheckOptions } = config;
  return {
    reference,
    id,
    configDigest: configDigest ?? null,
    manifestDigest: manifestDigest ?? null,
    indexDigest: indexDigest ?? null,
    platform: formatPlatform(platform),
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
    tags,
    repoDigests,
    historyPairing,
  };
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
