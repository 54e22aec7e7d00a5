import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../oci/core/platform.ts";
import { parsePlatform } from "../../oci/core/platform.ts";
import type { Image } from "../../oci/core/image.ts";
import type { Result } from "../../oci/core/error.ts";
import { splitArchiveReference } from "../../oci/archive/select.ts";
import { createCredentials } from "../../oci/credentials/credentials.ts";
import { createLayerClient, type LayerClient, type WorkerLayers } from "../../oci/layers/client.ts";
import { layerWorkerPath } from "../../oci/layers/workerPath.ts";
import { unsupportedLayers, openLocalEngine } from "../../oci/engine/local.ts";
import { layerCacheFolder } from "../../oci/source/cacheFolder.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import { createRegistrySource } from "../../oci/registry/registry.ts";
import { createCertificates } from "../../oci/registry/certificates.ts";
import { proxiesOf } from "../../oci/registry/proxy.ts";
import { createNodeTransport } from "../../oci/registry/transport.ts";
import type { AttestationReader, ImageLister, ImageReader, RegistryLister } from "../../oci/source/source.ts";
import { findMissingLayers } from "./missingLayers.ts";
import { CommandError, fromOciError, type Arguments, type Options } from "./command.ts";

/** An image with the source that can read its layers. */
export interface OpenedImage {
  readonly image: Image;
  readonly layers: WorkerLayers;
}

/** A source and the image selected from it. */
export interface OpenedSource {
  readonly reader: ImageReader;
  readonly layers: WorkerLayers;
  /** Lists the source's images; registries are listed by repository instead. */
  readonly lister?: ImageLister;
  readonly registry?: RegistryLister;
  /** Engines report attestations without their content. */
  readonly attestations?: Pick<AttestationReader, "attestations">;
  /** The operand without the part that names the source; empty for an archive's only image. */
  readonly reference: string;
  readonly platform: Platform | undefined;
}

/** Opens images by operand. */
export interface ImageOpener {
  /**
   * Opens an engine reference, a path of an archive or OCI layout (`PATH[#IMAGE][@PLATFORM]`), or `registry:REF`. An
   * empty operand is the engine without an image.
   */
  source(operand: string, signal: AbortSignal): Promise<OpenedSource>;
  open(operand: string, signal: AbortSignal): Promise<OpenedImage>;
  /** Compares opened images. */
  readonly diff: LayerClient["diff"];
  /** Sums up the waste of an opened image. */
  readonly waste: LayerClient["waste"];
  /** Reads a file of an opened image. */
  readonly file: LayerClient["file"];
  /** Compares layers and packages of opened images. */
  readonly aspects: LayerClient["aspects"];
  /** Writes a file or folder of an opened image to disk. */
  readonly extract: LayerClient["extract"];
  dispose(): void;
}

/** The options of commands that read a source. */
export const sourceOptions: Options = {
  engine: {
    type: "string",
    value: "HOST",
    help: "Engine to contact, as in DOCKER_HOST (unix://, tcp://, ssh://) or context:NAME; default the docker CLI's choice",
  },
  "insecure-registry": {
    type: "string",
    multiple: true,
    value: "HOST[:PORT]",
    help: "Contact this registry (HOST[:PORT]) without checking its certificate: HTTPS first, then plain HTTP; repeatable",
  },
};

/** The options of commands that take an IMAGE. */
export const imageOptions: Options = {
  platform: {
    type: "string",
    value: "PLATFORM",
    help: "Image to choose from a multi-platform one, as os/arch[/variant]",
  },
  ...sourceOptions,
};

/** The options of commands that read the layers of an IMAGE. */
export const layerOptions: Options = {
  ...imageOptions,
  "allow-registry": {
    type: "boolean",
    help: "Read layers that the engine lacks from the image's registry; by default a container is exported, which shows the file system as one layer",
  },
};

export function openerOptionsOf(args: Arguments): OpenerOptions {
  return {
    engine: args.option("engine") ?? "",
    platform: args.option("platform"),
    insecureRegistries: args.list("insecure-registry"),
    isRegistryAllowed: args.flag("allow-registry"),
  };
}

export interface OpenerOptions {
  /** A host as in DOCKER_HOST, or `context:NAME`; empty for the default engine. */
  readonly engine: string;
  readonly platform: string | undefined;
  readonly insecureRegistries: readonly string[];
  /** Layers that the engine lacks may be read from the image's registry. */
  readonly isRegistryAllowed: boolean;
}

export function createImageOpener({
  engine,
  platform,
  insecureRegistries,
  isRegistryAllowed,
}: OpenerOptions): ImageOpener {
  const wanted = platform === undefined ? undefined : platformOf(platform);
  const client = createLayerClient({
    workerPath: layerWorkerPath(),
    cacheFolder: layerCacheFolder(machineEnvironment()),
  });
  const opener: ImageOpener = {
    async source(operand, signal) {
      if (operand.startsWith(registryPrefix))
        return { ...registrySource(client, operand, insecureRegistries), platform: wanted };
      const {
        path,
        image,
        platform: own,
      } = await splitArchiveReference(operand, (candidate) => Promise.resolve(isArchive(candidate)));
      return isArchive(path) || looksLikePath(operand)
        ? { ...(await archiveSource(client, path, signal)), reference: image, platform: own ?? wanted }
        : { ...(await engineSource(client, engine, signal)), reference: operand, platform: wanted };
    },
    async open(operand, signal) {
      const { reader, layers, reference, platform: chosen } = await opener.source(operand, signal);
      const image = valueOf(
        await reader.image(reference, { ...(chosen && { platform: chosen }), allowMissingBlobs: true }, signal),
      );
      if (!image.contentFrom) return { image, layers };
      const registry = isRegistryAllowed && { reader: createRegistry(insecureRegistries), insecureRegistries };
      const places = { source: layers.layerSource, findLayers: client.findLayers, ...(registry && { registry }) };
      return { image: valueOf(await findMissingLayers(image, places, signal)), layers };
    },
    diff: client.diff,
    waste: client.waste,
    file: client.file,
    extract: client.extract,
    aspects: client.aspects,
    // Reads already begun are finished for the next command; the program stays alive until then.
    dispose: () => void client.finish(),
  };
  return opener;
}

const registryPrefix = "registry:";

function registrySource(client: LayerClient, operand: string, insecureRegistries: readonly string[]) {
  const registry = createRegistry(insecureRegistries);
  return {
    reader: registry,
    registry,
    attestations: registry,
    layers: client.layersOfRegistry({ insecureRegistries }),
    reference: operand.slice(registryPrefix.length),
  };
}

function createRegistry(insecureRegistries: readonly string[]) {
  return createRegistrySource({
    credentials: createCredentials(machineEnvironment()),
    certificates: createCertificates(machineEnvironment()),
    transport: createNodeTransport(proxiesOf(machineEnvironment().env)),
    insecureRegistries,
  });
}

async function archiveSource(client: LayerClient, path: string, signal: AbortSignal) {
  const archive = valueOf(await client.openArchive(path, signal));
  return { reader: archive, lister: archive, attestations: archive, layers: archive };
}

async function engineSource(client: LayerClient, host: string, signal: AbortSignal) {
  const { engine } = valueOf(await openLocalEngine(host, () => unsupportedLayers, signal));
  return { reader: engine, lister: engine, layers: client.layersOf(engine.connection) };
}

/** The value of a source's answer; a failure ends the command. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw fromOciError(result.error);
  return result.value;
}

/**
 * True for a file, or a folder with an image in it. `nginx` is also an image name, even if a source folder has the same
 * name.
 */
function isArchive(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory()
    ? ["oci-layout", "index.json", "manifest.json"].some((name) => existsSync(join(path, name)))
    : found !== undefined;
}

/** True if the text looks like a path. A reference never begins so, and "file not found" is then the better message. */
function looksLikePath(operand: string): boolean {
  return /^(\.{0,2}\/|[A-Za-z]:[\\/])/.test(operand) || /\.(tar|tgz|gz|zst)$/.test(operand);
}

function platformOf(text: string): Platform {
  const platform = parsePlatform(text);
  if (!platform) throw new CommandError(`${text} is not a platform; write os/architecture, e.g. linux/arm64`);
  return platform;
}
