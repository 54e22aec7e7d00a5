import { parsePlatform } from "../../../oci/core/platform.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { ImageFilesReader, ImageReader, PackageSizesReader } from "../../../oci/source/source.ts";
import type { AptBase } from "../../size/apt/base.ts";
import { aptBaseFiles, aptSizeFolders, readAptBase } from "../../size/apt/readBase.ts";
import type { FactKey, FactState } from "../fact.ts";

/** dpkg's status has 90 kB in a minimal Debian and 5 MB in a full desktop. */
const maxBytes = 32 * 1024 * 1024;

/** Reads what a local image says about its packages and about apt. */
export async function fetchAptBase(
  key: Extract<FactKey, { readonly kind: "aptBase" }>,
  reader: ImageReader & Partial<ImageFilesReader & PackageSizesReader>,
  signal: AbortSignal,
): Promise<FactState<AptBase>> {
  if (!reader.imageFiles) return unavailable("files of images aren't read here");
  const platform = key.platform === undefined ? undefined : parsePlatform(key.platform);
  const image = await reader.image(key.reference, platform ? { platform } : {}, signal);
  if (!image.ok)
    return unavailable(
      image.error.kind === "notFound" ? `${key.reference} isn't among the engine's images` : image.error.message,
    );
  const base = await readBase(image.value, reader.imageFiles.bind(reader), signal);
  if (base.state !== "known") return base;
  const sizes = await reader.packageSizes?.(image.value, signal);
  return sizes?.ok ? { ...base, value: { ...base.value, lostListBytes: sizes.value.lostListBytes } } : base;
}

async function readBase(
  image: Image,
  read: ImageFilesReader["imageFiles"],
  signal: AbortSignal,
): Promise<FactState<AptBase>> {
  const files = await read(image, { paths: aptBaseFiles, sizesBelow: aptSizeFolders, maxBytes }, signal);
  if (!files.ok) return unavailable(`the files of ${image.reference} can't be read: ${files.error.message}`);
  const { contents, sizes } = files.value;
  if (!contents.has("/var/lib/dpkg/status")) return unavailable(`${image.reference} has no packages of apt`);
  const base = readAptBase(contents, sizes);
  return base.ok ? { state: "known", value: base.value } : unavailable(base.error.message);
}

function unavailable(reason: string): FactState<never> {
  return { state: "unavailable", reason };
}
