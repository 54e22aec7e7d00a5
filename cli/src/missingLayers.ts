import type { Image } from "../../oci/core/image.ts";
import { withLayersOf } from "../../oci/source/missingBlobs.ts";
import type { Result } from "../../oci/core/error.ts";
import type { LayerClient } from "../../oci/layers/client.ts";
import type { LayerSource } from "../../oci/layers/protocol.ts";
import type { ImageReader } from "../../oci/source/source.ts";
import { describeError } from "./command.ts";
import { printError } from "./output/messages.ts";

/** The places to look for layers that the engine lacks. */
export interface LayerPlaces {
  readonly source: LayerSource;
  readonly findLayers: LayerClient["findLayers"];
  /** Absent unless registries may be asked. */
  readonly registry?: { readonly reader: ImageReader; readonly insecureRegistries: readonly string[] };
}

/**
 * Completes an image whose blobs the engine lacks: from its other images, from the registry, else from the export of a
 * container. Says on standard error where the layers come from.
 */
export async function findMissingLayers(
  image: Image,
  { source, findLayers, registry }: LayerPlaces,
  signal: AbortSignal,
): Promise<Result<Image>> {
  if (source.kind !== "engine") throw new Error("only engines have images without blobs");
  const { connection } = source;
  const quietly = (): void => undefined;
  const twin = await findLayers({ connection, image, from: "image" }, quietly, signal);
  if (twin.ok) return told(twin);
  const remote = registry && (await fromRegistry(image, registry, signal));
  if (remote?.ok) return told(remote);
  if (remote) printError(`${describeError(remote.error)}; a container is exported instead`);
  return told(await findLayers({ connection, image, from: "container" }, quietly, signal));
}

async function fromRegistry(
  image: Image,
  { reader, insecureRegistries }: NonNullable<LayerPlaces["registry"]>,
  signal: AbortSignal,
): Promise<Result<Image> | undefined> {
  let failed: Result<Image> | undefined;
  for (const reference of image.repoDigests) {
    const found = await reader.image(reference, {}, signal);
    if (found.ok)
      return {
        ok: true,
        value: withLayersOf(image, found.value, { kind: "registry", reference, insecureRegistries }),
      };
    failed ??= found;
  }
  return failed;
}

function told(found: Result<Image>): Result<Image> {
  if (found.ok) printError(noteOn(found.value));
  return found;
}

function noteOn({ reference, contentFrom }: Image): string {
  const missing = `the engine doesn't have the blobs of ${reference}`;
  switch (contentFrom?.kind) {
    case "image":
      return `${missing}; its layers are read from ${contentFrom.name}, the same image`;
    case "registry":
      return `${missing}; its layers are read from ${contentFrom.reference}`;
    default:
      return `${missing}; this is its whole file system as one layer, exported from a container with the files that the engine adds to each (use --allow-registry to read the layers from the registry)`;
  }
}
