import type { Image } from "../../../oci/core/image.ts";
import type { ImageFiles, ImageFilesReader, ImageReader, PackageSizesReader } from "../../../oci/source/source.ts";
import type { AptBase } from "../../size/apt/base.ts";
import { aptBaseFiles, aptSizeFolders, readAptBase } from "../../size/apt/readBase.ts";
import type { FactKey, FactState } from "../fact.ts";
import type { TextCache } from "./apt/cache.ts";
import { imageOfFact } from "./imageOfFact.ts";
import { layersKey } from "./layersKey.ts";
import { lacking, unavailable } from "./unavailable.ts";

/** dpkg's status has 90 kB in a minimal Debian and 5 MB in a full desktop. */
const maxBytes = 32 * 1024 * 1024;

/** Reads an image's data about its packages and about apt; `cache` keeps it for images with the same layers. */
export async function fetchAptBase(
  key: Extract<FactKey, { readonly kind: "aptBase" | "registryAptBase" }>,
  reader: ImageReader & Partial<ImageFilesReader & PackageSizesReader>,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<AptBase>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const image = await imageOfFact(key, reader, signal);
  if (!image.ok) return unavailable(image.error.message);
  const cacheKey = layersKey(
    "apt base 1",
    image.value.layers.map(({ diffId }) => diffId),
  );
  const kept = parseKept(await cache.get(cacheKey));
  if (kept) return baseOf(key.reference, kept);
  const files = await readFiles(image.value, { ...reader, imageFiles: reader.imageFiles }, signal);
  if ("state" in files) return files;
  await cache.put(cacheKey, formatKept(files));
  return baseOf(key.reference, files);
}

/** The files read of an image; the same layers give the same files. */
interface BaseFiles extends ImageFiles {
  readonly lostListBytes?: number;
}

async function readFiles(
  image: Image,
  reader: ImageFilesReader & Partial<PackageSizesReader>,
  signal: AbortSignal,
): Promise<BaseFiles | FactState<never>> {
  const files = await reader.imageFiles(image, { paths: aptBaseFiles, sizesBelow: aptSizeFolders, maxBytes }, signal);
  if (!files.ok) return unavailable(`the files of ${image.reference} can't be read: ${files.error.message}`);
  const sizes = await reader.packageSizes?.(image, signal);
  return sizes?.ok ? { ...files.value, lostListBytes: sizes.value.lostListBytes } : files.value;
}

function baseOf(reference: string, { contents, sizes, lostListBytes }: BaseFiles): FactState<AptBase> {
  if (!contents.has("/var/lib/dpkg/status")) return lacking(`${reference} has no packages of apt`);
  const base = readAptBase(contents, sizes);
  if (!base.ok) return lacking(base.error.message);
  return { state: "known", value: { ...base.value, ...(lostListBytes !== undefined && { lostListBytes }) } };
}

function formatKept({ contents, sizes, lostListBytes }: BaseFiles): string {
  const files = [...contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]);
  return JSON.stringify({ files, sizes: [...sizes], lostListBytes });
}

/** Parses what this machine wrote itself, as far as it has that form. */
function parseKept(text: string | undefined): BaseFiles | undefined {
  if (text === undefined) return undefined;
  try {
    const { files, sizes, lostListBytes } = JSON.parse(text) as {
      readonly files: readonly (readonly [string, string])[];
      readonly sizes: readonly (readonly [string, number])[];
      readonly lostListBytes?: number;
    };
    const contents = new Map(files.map(([path, bytes]) => [path, Buffer.from(bytes, "base64")]));
    return { contents, sizes: new Map(sizes), ...(lostListBytes !== undefined && { lostListBytes }) };
  } catch {
    // If damaged, it is read from the image again.
    return undefined;
  }
}
