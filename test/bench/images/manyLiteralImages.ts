import type { DiffId } from "../../../oci/core/digest.ts";
import { success } from "../../../oci/core/error.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import { config, image } from "../../support/images/literalImages.ts";

const layerCount = 20;
const sharedLayers = 15;
const baseCount = 200;

/**
 * A source of many image values, without an engine: 20 layers and 40 steps each; 15 of the layers are shared with one
 * of 200 bases.
 */
export function manyLiteralImages(count: number): ImageLister & ImageReader {
  const summaries = Array.from({ length: count }, (_, index) => summaryOf(index));
  const indexes = new Map(summaries.map(({ id }, index) => [id, index]));
  return {
    list: () => Promise.resolve(success(summaries)),
    image: (id) => Promise.resolve(success(imageOf(id, indexes.get(id) ?? 0))),
  };
}

function summaryOf(index: number): ImageSummary {
  return {
    id: digestOf(9, index),
    tags: [`bench.test/app-${index % 300}:v${index}`],
    repoDigests: [],
    created: 1_767_225_600 + index * 60,
    engineBytes: 100_000_000 + index,
    containers: 0,
  };
}

function imageOf(id: string, index: number): Image {
  const layers = Array.from({ length: layerCount }, (_, layer) =>
    layerOf(
      layer,
      layer < sharedLayers
        ? digestOf(1, (index % baseCount) * layerCount + layer)
        : digestOf(2, index * layerCount + layer),
    ),
  );
  const history = layers.flatMap(({ diffId }) => [
    { createdBy: `RUN /bin/sh -c make ${diffId} # buildkit` },
    { createdBy: `ENV LAYER=${diffId}` },
  ]);
  return image({
    reference: id,
    id,
    tags: [],
    layers,
    historyPairing: "inferred",
    config: config({ history, diffIds: layers.map(({ diffId }) => diffId) }),
  });
}

function layerOf(index: number, diffId: DiffId): Layer {
  return { index, diffId, engineBytes: 1000 * index, emptyStepsBefore: [] };
}

/** Each is a separate string, as it is from JSON. */
function digestOf(kind: number, number: number): DiffId {
  return `sha256:${kind}${Buffer.from(String(number).padStart(31, "0")).toString("hex").padStart(63, "0")}` as DiffId;
}
