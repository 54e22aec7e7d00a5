import type { Image } from "../../../oci/core/image.ts";
import type { LayerLines as ViewLines } from "../../../media/protocol/messages.ts";
import type { OriginAnswer, OriginLine } from "../../../server/protocol/protocol.ts";
import { stepsOf } from "../../../oci/images/stepsOf.ts";
import type { DockerfileParts } from "./dockerfileParts.ts";
import { originSteps } from "./imageHistory.ts";
import { readProvenance } from "./readProvenance.ts";

/** The parts by which lines are found. */
export type LineFinder = Pick<DockerfileParts, "sources" | "dockerfiles"> & {
  readonly server: Pick<DockerfileParts["server"], "origins">;
};

/** An image in its source. */
export interface PlacedImage {
  readonly sourceId: string;
  readonly image: Image;
}

/** The lines of a Dockerfile that made the layers of an image. */
export interface LayerLines {
  readonly uri: string;
  /** By layer index, base is 0; layers of the base image, or that no line fits, are missing. */
  readonly lines: ReadonlyMap<number, OriginLine>;
}

/** The server's answer on which lines made the steps of an image; undefined if the workspace has no Dockerfile. */
export async function originsOf(
  { sourceId, image }: PlacedImage,
  { sources, dockerfiles, server }: LineFinder,
  signal: AbortSignal,
): Promise<OriginAnswer | undefined> {
  const uris = await dockerfiles.find();
  if (uris.length === 0) return undefined;
  const source = sources.source(sourceId);
  const provenance = source && (await readProvenance(source, image, signal));
  const layerDigests = image.layers.flatMap(({ digest }) => digest ?? []);
  return server.origins({
    uris,
    steps: originSteps(image),
    ...(provenance !== undefined && layerDigests.length === image.layers.length ? { provenance, layerDigests } : {}),
  });
}

/** The lines as a view shows them: for each layer, base first, its line from 1, or null. */
export async function findViewLines(
  placed: PlacedImage,
  finder: LineFinder,
  signal: AbortSignal,
): Promise<ViewLines | undefined> {
  const found = await findLayerLines(placed, finder, signal);
  if (!found) return undefined;
  const lines = placed.image.layers.map(({ index }) => {
    const line = found.lines.get(index);
    return line ? line.range.start.line + 1 : null;
  });
  return { file: finder.dockerfiles.name(found.uri), lines };
}

/** The lines in the one Dockerfile that the image was built from; undefined if none, or several, explain it best. */
export async function findLayerLines(
  placed: PlacedImage,
  finder: LineFinder,
  signal: AbortSignal,
): Promise<LayerLines | undefined> {
  const files = (await originsOf(placed, finder, signal))?.files.filter(({ isWhole }) => isWhole) ?? [];
  const [best, second] = [...files].sort((a, b) => b.score - a.score);
  if (!best || second?.score === best.score) return undefined;
  const lines = stepsOf(placed.image).flatMap(({ layer }, step): readonly [number, OriginLine][] => {
    const line = best.lines[step];
    return typeof layer === "object" && line ? [[layer.index, line]] : [];
  });
  return { uri: best.uri, lines: new Map(lines) };
}
