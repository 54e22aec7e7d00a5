import type { ImageLister, ImageReader, LayerReader } from "../../../oci/source/source.ts";

/** A place that images come from, with the names it is shown under. */
export interface ImageSource extends ImageLister, ImageReader, LayerReader {
  /** `engine`, or `archive:` and the file's path; the same after a restart. */
  readonly id: string;
  readonly kind: "engine" | "archive";
  readonly label: string;
  /** A socket, a host, a file. */
  readonly place: string;
}
