import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../oci/core/platform.ts";
import { parsePlatform } from "../../oci/core/platform.ts";
import type { Image } from "../../oci/core/image.ts";
import { splitArchiveReference } from "../../oci/source/archiveSelect.ts";
import { createCredentials } from "../../oci/source/credentials.ts";
import { createLayerClient, type LayerClient, type WorkerLayers } from "../../oci/source/layerClient.ts";
import { noLayers, openLocalEngine, processSurroundings } from "../../oci/source/localEngine.ts";
import { createRegistrySource } from "../../oci/source/registry.ts";
import type { ImageReader } from "../../oci/source/source.ts";
import { CommandError, fromOciError, type Arguments } from "./command.ts";

/** An image with the source that can read its layers. */
export interface OpenedImage {
  readonly image: Image;
  readonly layers: WorkerLayers;
}

/** Opens images by what the user writes. */
export interface ImageOpener {
  /** An engine reference, a path of an archive or OCI layout (`PATH[#IMAGE][@PLATFORM]`), or `registry:REF`. */
  open(operand: string, signal: AbortSignal): Promise<OpenedImage>;
  /** Compares opened images. */
  readonly diff: LayerClient["diff"];
  dispose(): void;
}

/** The options of commands that take an IMAGE. */
export const imageOptions = {
  options: { platform: { type: "string" }, "insecure-registry": { type: "string", multiple: true } },
  help: {
    platform: "which image of a multi-platform one, as os/arch[/variant]",
    "insecure-registry": "a registry, HOST[:PORT], to speak plain HTTP to; may be repeated",
  },
} as const;

export function openerOptionsOf(args: Arguments): OpenerOptions {
  return { platform: args.option("platform"), insecureRegistries: args.list("insecure-registry") };
}

export interface OpenerOptions {
  readonly platform: string | undefined;
  readonly insecureRegistries: readonly string[];
}

export function createImageOpener({ platform, insecureRegistries }: OpenerOptions): ImageOpener {
  const wanted = platform === undefined ? undefined : platformOf(platform);
  const client = createLayerClient({ workerPath: layerWorkerPath() });
  return {
    async open(operand, signal) {
      if (operand.startsWith("registry:")) {
        const registry = createRegistrySource({ credentials: createCredentials(processSurroundings()), insecureRegistries });
        return read(registry, client.layersOfRegistry({ insecureRegistries }), { reference: operand.slice("registry:".length), platform: wanted }, signal);
      }
      const { path, image, platform: own } = await splitArchiveReference(operand, (candidate) => Promise.resolve(isArchive(candidate)));
      if (isArchive(path) || looksLikePath(operand)) {
        const archive = await client.openArchive(path, signal);
        if (!archive.ok) throw fromOciError(archive.error);
        return read(archive.value, archive.value, { reference: image, platform: own ?? wanted }, signal);
      }
      const local = await openLocalEngine("", () => noLayers, signal);
      if (!local.ok) throw fromOciError(local.error);
      const { engine } = local.value;
      return read(engine, client.layersOf(engine.connection), { reference: operand, platform: wanted }, signal);
    },
    diff: client.diff,
    dispose: () => client.dispose(),
  };
}

async function read(reader: ImageReader, layers: WorkerLayers, what: { readonly reference: string; readonly platform: Platform | undefined }, signal: AbortSignal): Promise<OpenedImage> {
  const image = await reader.image(what.reference, what.platform ? { platform: what.platform } : {}, signal);
  if (!image.ok) throw fromOciError(image.error);
  return { image: image.value, layers };
}

/** A file, or a folder with an image in it: `nginx` is an image's name too where a folder of sources is called so. */
function isArchive(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? ["oci-layout", "index.json", "manifest.json"].some((name) => existsSync(join(path, name))) : found !== undefined;
}

/** A reference never begins so: then a missing file is the better message. */
function looksLikePath(operand: string): boolean {
  return /^(\.{0,2}\/|[A-Za-z]:[\\/])/.test(operand) || /\.(tar|tgz|gz|zst)$/.test(operand);
}

function platformOf(text: string): Platform {
  const platform = parsePlatform(text);
  if (!platform) throw new CommandError(`${text} is no platform; write os/architecture as in linux/arm64`);
  return platform;
}

function layerWorkerPath(): string | URL {
  return typeof __dirname === "string" ? join(__dirname, "layerWorker.js") : new URL("../../oci/source/layerWorker.ts", import.meta.url);
}
