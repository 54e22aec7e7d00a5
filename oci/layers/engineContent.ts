import { failure, success, type Result } from "../core/error.ts";
import { withContents, type ContentFrom, type Image } from "../core/image.ts";
import { missingBlobs, withLayersOf } from "../source/missingBlobs.ts";
import { createContainerExports } from "../engine/containerExport.ts";
import type { EngineConnection } from "../engine/endpoint/connection.ts";
import type { EngineLayers } from "../engine/layers.ts";
import type { StreamCaller } from "../engine/sharedStreams.ts";
import { findTwins } from "../engine/twins.ts";
import type { LayerCache } from "../source/layerCache.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";

type ContentReader = LayerReader & FileReader;

export interface EngineContentOptions {
  readonly engineLayers: EngineLayers;
  readonly registryLayers: (insecureRegistries: readonly string[]) => ContentReader;
  readonly cache: LayerCache | undefined;
}

/** Reads what is in an engine's images: from the engine, or from where an image says, if the engine lacks its blobs. */
export interface EngineContent {
  of(connection: EngineConnection): LayerReader;
  /** Acts on what reads the image's layers and files. */
  use<T>(
    connection: EngineConnection,
    image: Image,
    caller: StreamCaller,
    act: (reader: ContentReader) => Promise<Result<T>>,
  ): Promise<Result<T>>;
  /** Looks for the layers of an image without blobs; `contentFrom` of the result says where they are. */
  find(search: Search, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Result<Image>>;
}

export interface Search {
  readonly connection: EngineConnection;
  readonly image: Image;
  readonly from: "image" | "container";
}

export function createEngineContent(options: EngineContentOptions): EngineContent {
  const { engineLayers, cache } = options;
  return {
    of: (connection) => ({
      layers: async (image, request, signal) => {
        const { contentFrom } = image;
        if (!contentFrom) return engineLayers.of(connection).layers(image, request, signal);
        const read = isInEngine(image)
          ? await engineLayers.of(connection).layers(inEngine(image), request, signal)
          : await elsewhere(options, connection, contentFrom).layers(image, request, signal);
        return read.ok ? success({ ...read.value, image: withContents(image, read.value.contents) }) : read;
      },
    }),
    use: (connection, image, caller, act) =>
      isInEngine(image)
        ? engineLayers.withArchive(connection, inEngine(image), caller, act)
        : act(elsewhere(options, connection, image.contentFrom)),
    find: (search, onProgress, signal) =>
      search.from === "image"
        ? findInImages(engineLayers, search, { onProgress, signal })
        : createContainerExports(search.connection, cache).image(search.image, onProgress, signal),
  };
}

type InEngine = Image & { readonly contentFrom?: Extract<ContentFrom, { readonly kind: "image" }> };

function isInEngine(image: Image): image is InEngine {
  return image.contentFrom === undefined || image.contentFrom.kind === "image";
}

/** The image whose save stream has the layers. */
function inEngine(image: InEngine): Image {
  return image.contentFrom ? { ...image, id: image.contentFrom.id } : image;
}

function elsewhere(
  { registryLayers, cache }: EngineContentOptions,
  connection: EngineConnection,
  contentFrom: ContentFrom | undefined,
): ContentReader {
  switch (contentFrom?.kind) {
    case "registry":
      return withReference(registryLayers(contentFrom.insecureRegistries), contentFrom.reference);
    case "container":
      return createContainerExports(connection, cache);
    default:
      return nowhere;
  }
}

const nowhere: ContentReader = {
  layers: (image) => Promise.resolve(failure(missingBlobs(image))),
  file: (image) => Promise.resolve(failure(missingBlobs(image))),
  files: (image) => Promise.resolve(failure(missingBlobs(image))),
};

/** Asks the registry by the name that it has there, not by the one in the engine. */
function withReference(reader: ContentReader, reference: string): ContentReader {
  return {
    layers: (image, request, signal) => reader.layers({ ...image, reference }, request, signal),
    file: (image, wanted, signal) => reader.file({ ...image, reference }, wanted, signal),
    files: (image, wanted, signal) => reader.files({ ...image, reference }, wanted, signal),
  };
}

/**
 * Finds the same image under another name. The history alone doesn't tell, only the digest of the config: the engine
 * sends the manifest of the one image, and all of the other.
 */
async function findInImages(
  engineLayers: EngineLayers,
  { connection, image }: Search,
  caller: StreamCaller,
): Promise<Result<Image>> {
  const twins = await findTwins(connection, image, caller.signal);
  if (!twins.ok) return twins;
  const wanted = await engineLayers.withArchive(connection, image, caller, ({ found }) =>
    Promise.resolve(success(new Set(found.flatMap(({ configDigest }) => configDigest ?? [])))),
  );
  if (!wanted.ok) return wanted;
  for (const twin of twins.value) {
    const found = await engineLayers.withArchive(connection, twin, caller, (archive) =>
      Promise.resolve(
        success(archive.found.filter(({ configDigest }) => configDigest && wanted.value.has(configDigest))),
      ),
    );
    // One that can't be read is not the image that is looked for.
    const same = found.ok ? found.value.find(({ image: read }) => read.ok)?.image : undefined;
    if (same?.ok)
      return success(withLayersOf(image, same.value, { kind: "image", id: twin.id, name: twin.tags[0] ?? twin.id }));
  }
  const message = "no other image of the engine has the same layers";
  return failure({ kind: "notFound", what: `the layers of ${image.reference}`, message });
}
