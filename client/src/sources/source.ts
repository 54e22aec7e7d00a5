import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import type { ImageCatalog } from "../../../oci/catalog/catalog.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import type { AttestationReader, ImageLister, ImageReader } from "../../../oci/source/source.ts";

export type SourceKind = "engine" | "archive" | "registry";

/** The names that a place of images is shown under, whether it answers or not. */
export interface SourceName {
  /** `engine` for the one in use, `engine:` and the setting's word for another, `archive:` and the file's path, `registry`; the same after a restart. */
  readonly id: string;
  readonly kind: SourceKind;
  readonly label: string;
  /** A socket, a host, a file. */
  readonly address: string;
}

/** A place that images come from. */
export interface ImageSource extends SourceName, ImageLister, ImageReader {
  /** Where the layer worker reads its layers. */
  readonly layerSource: LayerSource;
  /** What its images are made of, as far as they were read; lives as long as the source. */
  readonly catalog: ImageCatalog;
  /** What is said about its images beside them; no engine tells. */
  readonly attested?: AttestationReader;
  /** Engines only. */
  readonly actions?: EngineActions;
}

/** A signal for requests that end on their own soon. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
