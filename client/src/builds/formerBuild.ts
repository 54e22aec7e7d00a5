import type { DiffId } from "../../../oci/core/digest.ts";
import type { Image } from "../../../oci/core/image.ts";
import { success } from "../../../oci/core/error.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { ImageSource } from "../sources/source.ts";
import type { Build } from "./build.ts";
import type { BuildRecords } from "./buildRecords.ts";
import { endpointOf } from "./endpoint.ts";

/**
 * The image of a former build by what was recorded of its layers; undefined if they aren't known. Its files can be read
 * as far as the cache of layers has them.
 */
export function imageOfBuild({ id, layers }: Build): Image | undefined {
  if (!layers) return undefined;
  const platform = { os: "unknown", architecture: "unknown" };
  const diffIds = layers.map(({ diffId }) => diffId as DiffId);
  const nothingSet = { user: "", env: [], workingDir: "", exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
  return {
    reference: id,
    id,
    platform,
    config: { platform, diffIds, history: [], ...nothingSet },
    tags: [],
    repoDigests: [],
    layers: layers.map(({ createdBy }, index) => ({
      index,
      diffId: diffIds[index] ?? ("" as DiffId),
      step: { createdBy },
      emptyStepsBefore: [],
    })),
    emptyStepsAfter: [],
    historyPairing: "exact",
    isRemembered: true,
  };
}

/** True if the cache has every layer of a former build, so that its files can be compared. */
export async function areLayersKept(
  build: Build,
  source: ImageSource,
  layers: Pick<LayerClient, "layersOf">,
  signal: AbortSignal,
): Promise<boolean> {
  const image = imageOfBuild(build);
  if (!image || source.layerSource.kind !== "engine") return false;
  // The engine is asked only for what the cache lacks, and doesn't have the image.
  const read = await layers.layersOf(source.layerSource.connection).layers(image, {}, signal);
  return read.ok;
}

/** A source as comparisons use it. */
type ComparedSource = Pick<ImageSource, "image" | "layerSource">;

/** Opens sources whose engines also describe former builds that they no longer have, by what was recorded of them. */
export function withFormerBuilds(
  open: (sourceId: string) => Promise<ImageSource | undefined>,
  records: Pick<BuildRecords, "of">,
): (sourceId: string) => Promise<ComparedSource | undefined> {
  return async (sourceId) => {
    const source = await open(sourceId);
    const endpoint = endpointOf(source);
    if (!source || endpoint === undefined) return source;
    const image: ImageSource["image"] = async (reference, wanted, signal) => {
      const read = await source.image(reference, wanted, signal);
      if (read.ok || read.error.kind !== "notFound") return read;
      const former = records.of(endpoint).find(({ previous }) => previous.id === reference);
      const remembered = former && imageOfBuild(former.previous);
      return remembered ? success(remembered) : read;
    };
    return { image, layerSource: source.layerSource };
  };
}
