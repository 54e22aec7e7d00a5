import type { LayerSide } from "../../oci/layers/diff.ts";
import type { LayerSource } from "../../oci/layers/protocol.ts";
import { counted } from "../../oci/core/text.ts";
import { CommandError } from "./command.ts";
import type { ImageOpener, OpenedImage } from "./openImage.ts";

/** An image, or one of its layers as `IMAGE#0`. */
export interface OpenedLayer extends OpenedImage {
  /** Base is 0; undefined for the whole image. */
  readonly layerIndex: number | undefined;
}

export async function openLayer(opener: ImageOpener, operand: string, signal: AbortSignal): Promise<OpenedLayer> {
  const [, name = operand, digits] = /^(.+)#(\d{1,6})$/.exec(operand) ?? [];
  const opened = await opener.open(digits === undefined ? operand : name, signal);
  const layerIndex = digits === undefined ? undefined : Number(digits);
  const count = opened.image.layers.length;
  if (layerIndex !== undefined && layerIndex >= count)
    throw new CommandError(
      `${name} has ${counted(count, "layer")}, #0 to #${count - 1}; #${layerIndex} does not exist`,
    );
  return { ...opened, layerIndex };
}

/** Opens the file system made by a layer and those below it. */
export async function openSide(
  opener: ImageOpener,
  operand: string,
  signal: AbortSignal,
): Promise<LayerSide<LayerSource>> {
  const { image, layers, layerIndex } = await openLayer(opener, operand, signal);
  return { source: layers.layerSource, image, layerCount: layerIndex === undefined ? undefined : layerIndex + 1 };
}
