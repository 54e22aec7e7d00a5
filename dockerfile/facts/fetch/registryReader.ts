import { failure, success, type OciError, type Result } from "../../../oci/core/error.ts";
import { parseReference } from "../../../oci/core/reference.ts";
import type { ImageFilesReader, ImageReader, PackageSizesReader } from "../../../oci/source/source.ts";
import type { FactState } from "../fact.ts";
import type { FactMachine } from "../machine.ts";
import { unavailable } from "./unavailable.ts";

/** Reads images and their files from registries. */
export type RegistryFilesReader = ImageReader & ImageFilesReader & Partial<PackageSizesReader>;

/** The image of a FROM. */
interface WantedImage {
  readonly reference: string;
}

/** The compressed layers of one image; a full Debian has 50 MB. */
export const maxDownloadBytes = 200 * 1024 * 1024;

/** The time in milliseconds for which a fact about a registry's image is kept; a failure is retried earlier. */
export function registryLifetimeMs(_fetchMs: number, state: FactState<never>["state"]): number {
  return state === "known" ? 24 * 60 * 60 * 1000 : 10 * 60 * 1000;
}

/**
 * Reads an image's files from its registry with `read`, if the user allows that registry and the image isn't too large
 * to download. The reason why not says that the local engine doesn't have the image either.
 */
export async function readFromRegistry<T>(
  { reference }: WantedImage,
  registries: FactMachine["registries"],
  read: (reader: RegistryFilesReader) => Promise<FactState<T>>,
): Promise<FactState<T>> {
  const reader = readerFor(reference, registries);
  const state = reader.ok ? await read(reader.value) : unavailable(reader.error.message);
  return state.state === "unavailable" ? unavailable(`no local engine has ${reference}; ${state.reason}`) : state;
}

function readerFor(reference: string, registries: FactMachine["registries"]): Result<RegistryFilesReader> {
  if ("refusal" in registries) return failure(notAsked(reference, registries.refusal));
  const parsed = parseReference(reference);
  if (!parsed.ok) return parsed;
  const whyNot = registries.whyNot(parsed.value.registry);
  if (whyNot !== undefined) return failure(notAsked(reference, whyNot));
  const { source } = registries;
  return success({
    ...source,
    async image(...request) {
      const image = await source.image(...request);
      if (!image.ok) return image;
      const bytes = image.value.layers.reduce((sum, { blobBytes }) => sum + (blobBytes ?? Infinity), 0);
      return bytes > maxDownloadBytes ? failure(tooLarge(reference)) : image;
    },
  });
}

function tooLarge(what: string): OciError {
  return { kind: "tooLarge", what, message: "its layers are larger than 200 MB, so they aren't downloaded" };
}

function notAsked(what: string, message: string): OciError {
  return { kind: "notAsked", what, message };
}
