import { parsePlatform } from "../../../oci/core/platform.ts";
import type { ImageFilesReader, ImageReader } from "../../../oci/source/source.ts";
import { createMemo } from "../../context/memo.ts";
import type { FactKey, FactState, ImageFilesFact } from "../fact.ts";

/** A full Node image has some 60,000. */
const maxListed = 150_000;
const maxBytes = 1024 * 1024;

/** Files that programs change line by line. */
const texts: readonly string[] = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow"];

/**
 * Lists everything in a local image. An image that is missing, or too large to list, is "unavailable" with the reason.
 */
export async function fetchImageFiles(
  key: Extract<FactKey, { readonly kind: "imageFiles" }>,
  reader: ImageReader & Partial<ImageFilesReader>,
  signal: AbortSignal,
): Promise<FactState<ImageFilesFact>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const platform = key.platform === undefined ? undefined : parsePlatform(key.platform);
  const image = await reader.image(key.reference, platform ? { platform } : {}, signal);
  if (!image.ok) return unavailable(image.error.message);
  const read = await reader.imageFiles(image.value, { paths: texts, sizesBelow: [], maxBytes, maxListed }, signal);
  if (!read.ok) return unavailable(`the files of ${key.reference} can't be read: ${read.error.message}`);
  const { contents, listing = [] } = read.value;
  const decoder = new TextDecoder();
  return {
    state: "known",
    value: {
      memo: createMemo(),
      files: listing,
      texts: new Map([...contents].map(([path, bytes]) => [path, decoder.decode(bytes)])),
    },
  };
}

function unavailable(reason: string): FactState<never> {
  return { state: "unavailable", reason };
}
