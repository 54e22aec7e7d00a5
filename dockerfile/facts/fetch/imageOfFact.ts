import { failure, type Result } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";
import type { ImageReader } from "../../../oci/source/source.ts";
import type { FactKey } from "../fact.ts";

type EngineKind = "aptBase" | "apkBase" | "pythonBase";

type ImageFactKey = Extract<FactKey, { readonly kind: EngineKind | `registry${Capitalize<EngineKind>}` }>;

/** Reads the image that a fact is about. The error of an image that the engine lacks says so. */
export async function imageOfFact(
  { kind, reference, platform: text }: ImageFactKey,
  reader: ImageReader,
  signal: AbortSignal,
): Promise<Result<Image>> {
  const platform = text === undefined ? undefined : parsePlatform(text);
  const image = await reader.image(reference, platform ? { platform } : {}, signal);
  return !image.ok && !kind.startsWith("registry") && image.error.kind === "notFound"
    ? failure({ ...image.error, message: `${reference} isn't among the engine's images` })
    : image;
}
