import { success, type Result } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";
import type { ImageFilesReader, ImageReader } from "../../../oci/source/source.ts";
import { createMemo } from "../../context/memo.ts";
import type { FactKey, FactState, ImageFilesFact } from "../fact.ts";
import type { TextCache } from "./apt/cache.ts";
import { layersKey } from "./layersKey.ts";
import { unavailable } from "./unavailable.ts";

/** A full Node image has some 60,000. */
const maxListed = 150_000;
const maxBytes = 1024 * 1024;

/** Files that programs change line by line, and the settings of those that add users. */
const texts: readonly string[] = [
  "/etc/passwd",
  "/etc/group",
  "/etc/shadow",
  "/etc/gshadow",
  "/etc/subuid",
  "/etc/subgid",
  "/etc/login.defs",
  "/etc/default/useradd",
  "/etc/os-release",
  "/usr/lib/os-release",
];

/**
 * Lists everything in an image; `cache` keeps the texts, for which layers are read a second time. An image that is
 * missing, or too large to list, is "unavailable" with the reason.
 */
export async function fetchImageFiles(
  key: Extract<FactKey, { readonly kind: "imageFiles" | "registryFiles" }>,
  reader: ImageReader & Partial<ImageFilesReader>,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<ImageFilesFact>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const platform = key.platform === undefined ? undefined : parsePlatform(key.platform);
  const image = await reader.image(key.reference, platform ? { platform } : {}, signal);
  if (!image.ok) return unavailable(image.error.message);
  const read = await readListing(image.value, { imageFiles: reader.imageFiles }, cache, signal);
  return read.ok
    ? { state: "known", value: read.value }
    : unavailable(`the files of ${key.reference} can't be read: ${read.error.message}`);
}

async function readListing(
  image: Image,
  { imageFiles }: ImageFilesReader,
  cache: TextCache,
  signal: AbortSignal,
): Promise<Result<ImageFilesFact>> {
  const cacheKey = layersKey(
    "image texts 3",
    image.layers.map(({ diffId }) => diffId),
  );
  const kept = parseTexts(await cache.get(cacheKey));
  const wanted = { paths: kept ? [] : texts, sizesBelow: [], maxBytes, maxListed };
  const read = await imageFiles(image, wanted, signal);
  if (!read.ok) return read;
  const { contents, listing = [] } = read.value;
  const decoder = new TextDecoder();
  const found = kept ?? new Map([...contents].map(([path, bytes]) => [path, decoder.decode(bytes)] as const));
  if (!kept) await cache.put(cacheKey, JSON.stringify([...found]));
  return success({ memo: createMemo(), files: listing, texts: found });
}

/** Parses what this machine wrote itself, as far as it has that form. */
function parseTexts(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined) return undefined;
  try {
    return new Map(JSON.parse(text) as readonly (readonly [string, string])[]);
  } catch {
    // If damaged, they are read from the image again.
    return undefined;
  }
}
