import type { LayerSource } from "../../../oci/source/layerProtocol.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";

/** A place that images come from, with the names it is shown under. */
export interface ImageSource extends ImageLister, ImageReader {
  /** `engine`, or `archive:` and the file's path; the same after a restart. */
  readonly id: string;
  readonly kind: "engine" | "archive";
  readonly label: string;
  /** A socket, a host, a file. */
  readonly place: string;
  /** Where the layer worker reads its layers. */
  readonly layerSource: LayerSource;
}
