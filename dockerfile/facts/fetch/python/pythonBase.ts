import type { Image } from "../../../../oci/core/image.ts";
import type { ImageFilesReader, ImageReader } from "../../../../oci/source/source.ts";
import type { PythonBase } from "../../../size/python/base.ts";
import { findPython, readPythonBase } from "../../../size/python/readBase.ts";
import type { FactKey, FactState } from "../../fact.ts";
import { parseKeptJson, type TextCache } from "../apt/cache.ts";
import { imageOfFact } from "../imageOfFact.ts";
import { layersKey } from "../layersKey.ts";
import { lacking, unavailable } from "../unavailable.ts";

/** A full image of Python has some 30,000. */
const maxListed = 150_000;
const maxBytes = 4 * 1024 * 1024;

/** Reads which Python and which pip an image has; `cache` keeps it for images with the same layers. */
export async function fetchPythonBase(
  key: Extract<FactKey, { readonly kind: "pythonBase" | "registryPythonBase" }>,
  reader: ImageReader & Partial<ImageFilesReader>,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<PythonBase>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const image = await imageOfFact(key, reader, signal);
  if (!image.ok) return unavailable(image.error.message);
  const cacheKey = layersKey(
    "python base 1",
    image.value.layers.map(({ diffId }) => diffId),
  );
  const kept = parseKeptJson(await cache.get(cacheKey)) as PythonBase | undefined;
  const base = kept ?? (await readBase(image.value, { imageFiles: reader.imageFiles }, signal));
  if ("state" in base) return base;
  if (!kept) await cache.put(cacheKey, JSON.stringify(base));
  return { state: "known", value: base };
}

async function readBase(
  image: Image,
  { imageFiles }: ImageFilesReader,
  signal: AbortSignal,
): Promise<PythonBase | FactState<never>> {
  const listed = await imageFiles(image, { paths: [], sizesBelow: [], maxBytes, maxListed }, signal);
  if (!listed.ok) return unavailable(`the files of ${image.reference} can't be read: ${listed.error.message}`);
  const found = findPython(listed.value.listing ?? []);
  if (!found) return lacking(`${image.reference} has no pip`);
  const texts = await imageFiles(image, { paths: found.texts, sizesBelow: [], maxBytes }, signal);
  if (!texts.ok) return unavailable(`the files of ${image.reference} can't be read: ${texts.error.message}`);
  const decoder = new TextDecoder();
  const contents = new Map([...texts.value.contents].map(([path, bytes]) => [path, decoder.decode(bytes)] as const));
  const architecture = image.platform?.architecture ?? "amd64";
  const base = readPythonBase(found, contents, architecture);
  return base ?? lacking(`the C library of ${image.reference} isn't known`);
}
