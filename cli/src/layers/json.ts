import { isRead, type FoundLayer, type FoundLayers } from "./found.ts";
import { entryJson } from "../output/entryJson.ts";
import { imageJson, layerIdentityJson, stepJson } from "../output/imageJson.ts";
import { entriesOf, fileCount, opaqueDirectoriesOf, whiteoutsOf } from "../../../oci/core/columns/content.ts";
import type { Waste } from "../../../oci/core/waste.ts";

/** Layers as JSON, with their content only if it was requested. */
export function layersJson({ image, layers, lines, waste, hasFiles }: FoundLayers) {
  return {
    version: 1,
    image: imageJson(image),
    layers: layers.map((found) => ({
      ...layerJson(found),
      dockerfileLine: lines[found.layer.index] ?? null,
      ...(hasFiles && filesJson(found)),
      ...(waste && { wastedBytes: waste.introducedBytes[found.layer.index] ?? 0 }),
    })),
    ...(waste && {
      emptyStepsAfter: image.emptyStepsAfter.map(stepJson),
      waste: wasteJson(
        waste,
        layers.every(({ content }) => isRead(content)),
      ),
    }),
  };
}

function layerJson({ layer, content }: FoundLayer) {
  return {
    layer: layer.index,
    ...layerIdentityJson(layer),
    problem: isRead(content) ? null : { kind: content.kind, message: content.message },
    contentBytes: isRead(content) ? content.contentBytes : (layer.contentBytes ?? null),
    files: isRead(content) ? fileCount(content) : null,
    createdBy: layer.step?.createdBy ?? null,
    emptyStepsBefore: layer.emptyStepsBefore.map(stepJson),
  };
}

function filesJson({ content }: FoundLayer) {
  if (!isRead(content)) return { entries: null, whiteouts: null, opaqueDirectories: null };
  return {
    entries: entriesOf(content).map(entryJson),
    whiteouts: whiteoutsOf(content),
    opaqueDirectories: opaqueDirectoriesOf(content),
  };
}

function wasteJson({ bytes, efficiency, byCause, paths }: Waste, isComplete: boolean) {
  return {
    isComplete,
    bytes,
    efficiency,
    byCause,
    paths: paths.map(({ path, bytes: wasted, versions }) => ({
      path,
      bytes: wasted,
      versions: versions.map(({ bytes: hidden, cause, introducedBy, hiddenBy }) => ({
        bytes: hidden,
        cause,
        introducedBy,
        hiddenBy,
      })),
    })),
  };
}
