import type { LayerContent } from "../../../oci/core/entry.ts";
import type { OciError } from "../../../oci/core/error.ts";
import type { Image, Layer } from "../../../oci/core/image.ts";
import type { Waste } from "../../../oci/core/waste.ts";
import type { ImageLines } from "../imageLines.ts";

/** Layers of an image, as far as they could be read. */
export interface FoundLayers {
  readonly image: Image;
  readonly layers: readonly FoundLayer[];
  readonly lines: ImageLines;
  /** Absent unless all of the image's layers were requested. */
  readonly waste?: Waste;
  /** True if the content of the layers is listed too. */
  readonly hasFiles: boolean;
}

export interface FoundLayer {
  readonly layer: Layer;
  readonly content: LayerContent | OciError;
}

export function isRead(content: LayerContent | OciError): content is LayerContent {
  return "entryCount" in content;
}
