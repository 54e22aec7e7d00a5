import type { ImageFilesReader, ImageReader } from "../../../../oci/source/source.ts";
import type { ApkBase } from "../../../size/apk/base.ts";
import { apkBaseFiles, apkSizeFolders, readApkBase } from "../../../size/apk/readBase.ts";
import type { FactKeyOf, FactState } from "../../fact.ts";
import { parseKeptJson, type TextCache } from "../apt/cache.ts";
import { imageOfFact } from "../imageOfFact.ts";
import { layersKey } from "../layersKey.ts";
import { lacking, unavailable } from "../unavailable.ts";

/** The list of a minimal Alpine has 15 kB, that of a large one 5 MB. */
const maxBytes = 32 * 1024 * 1024;

/** Reads an image's data about its packages of apk; `cache` keeps it for images with the same layers. */
export async function fetchApkBase(
  key: FactKeyOf<"apkBase"> | FactKeyOf<"registryApkBase">,
  reader: ImageReader & Partial<ImageFilesReader>,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<ApkBase>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const image = await imageOfFact(key, reader, signal);
  if (!image.ok) return unavailable(image.error.message);
  const cacheKey = layersKey(
    "apk base 1",
    image.value.layers.map(({ diffId }) => diffId),
  );
  const kept = parseKeptJson(await cache.get(cacheKey)) as ApkBase | undefined;
  if (kept) return { state: "known", value: kept };
  const files = await reader.imageFiles(
    image.value,
    { paths: apkBaseFiles, sizesBelow: apkSizeFolders, maxBytes },
    signal,
  );
  if (!files.ok) return unavailable(`the files of ${key.reference} can't be read: ${files.error.message}`);
  const base = readApkBase(files.value.contents, files.value.sizes);
  if (!base) return lacking(`${key.reference} has no packages of apk`);
  await cache.put(cacheKey, JSON.stringify(base));
  return { state: "known", value: base };
}
