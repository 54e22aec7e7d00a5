import type { ImageConfig } from "../../../oci/core/config.ts";
// Images as values, for tests of computations on images without bytes.
import type { CatalogImage } from "../../../oci/catalog/catalog.ts";
import type { DiffId, Digest } from "../../../oci/core/digest.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";

/** The digest of one hex digit repeated: `digest("a")`. */
export const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}` as Digest;

export function summary(more: Partial<ImageSummary> = {}): ImageSummary {
  return {
    id: digest("a"),
    tags: ["debian:12"],
    repoDigests: [],
    created: 1_704_067_200,
    engineBytes: 117_000_000,
    ...more,
  };
}

export function step(createdBy: string, more: Partial<HistoryStep> = {}): HistoryStep {
  return { createdBy, ...more };
}

export function layer(index: number, more: Partial<Layer> = {}): Layer {
  return { index, diffId: digest(String(index)) as DiffId, emptyStepsBefore: [], ...more };
}

export function image(more: Partial<Image> = {}): Image {
  return {
    reference: "debian:12",
    id: digest("a"),
    platform: { os: "linux", architecture: "amd64" },
    tags: ["debian:12"],
    repoDigests: [],
    layers: [],
    emptyStepsAfter: [],
    historyPairing: "exact",
    config: {
      platform: { os: "linux", architecture: "amd64" },
      user: "",
      env: [],
      workingDir: "",
      exposedPorts: [],
      volumes: [],
      labels: {},
      onBuild: [],
      diffIds: [],
      history: [],
    },
    ...more,
  };
}

/** An image as stored in a catalog; each layer is a digit and a size, base first. */
export function catalogImage(
  id: string,
  layers: readonly (readonly [digit: string, bytes: number | undefined])[],
): CatalogImage {
  const diffIds = layers.map(([digit]) => digest(digit) as DiffId);
  return {
    id,
    tags: [],
    repoDigests: [],
    diffIds,
    steps: [],
    annotations: {},
    layers: layers.map(([digit, bytes]) => ({
      diffId: digest(digit) as DiffId,
      ...(bytes === undefined ? {} : { bytes }),
    })),
  };
}

/** A config with only the given members. */
export function config(more: Partial<ImageConfig>): ImageConfig {
  return { ...image().config, ...more };
}
