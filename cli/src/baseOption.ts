import type { Image } from "../../oci/core/image.ts";
import { counted } from "../../oci/core/text.ts";
import { CommandError, type Options } from "./command.ts";
import type { ImageOpener } from "./openImage.ts";

/** The option that names the base image. */
export const baseOption: Options = {
  base: {
    type: "string",
    value: "BASE",
    help: "Count the base image's waste separately: the base image, or its number of layers",
  },
};

interface WithBase {
  readonly base: string | undefined;
  readonly image: Image;
}

/** The number of lowest layers that are the base image's; undefined without the option. */
export async function baseLayerCountOf(
  opener: ImageOpener,
  { base, image }: WithBase,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (base === undefined) return undefined;
  const count = image.layers.length;
  if (/^\d{1,6}$/.test(base)) {
    if (Number(base) > count) throw new CommandError(`--base ${base}: the image has ${counted(count, "layer")}`);
    return Number(base);
  }
  const { image: found } = await opener.open(base, signal);
  const isBase = found.layers.every(({ diffId }, index) => diffId === image.layers[index]?.diffId);
  if (!isBase) throw new CommandError(`--base ${base}: the image is not built on it; its lowest layers are others`);
  return found.layers.length;
}
