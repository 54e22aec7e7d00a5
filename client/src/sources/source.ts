import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import type { ImageCatalog } from "../../../oci/catalog/catalog.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import type { AttestationReader, ImageLister, ImageReader } from "../../../oci/source/source.ts";

export type SourceKind = "engine" | "archive" | "registry";

/** The names under which a source of images is shown, whether it is available or not. */
export interface SourceName {
  /**
   * `engine` for the one in use, `engine:` and the setting's text for another, `archive:` and the file's path, or
   * `registry`; stays the same after a restart.
   */
  readonly id: string;
  readonly kind: SourceKind;
  readonly label: string;
  /** A socket, a host or a file. */
  readonly address: string;
}

/** A place that images come from. */
export interface ImageSource extends SourceName, ImageLister, ImageReader {
  /** The source from which the layer worker reads its layers. */
  readonly layerSource: LayerSource;
  /** The composition of its images, as far as they were read; lives as long as the source. */
  readonly catalog: ImageCatalog;
  /** Reads attestations about its images; engines don't provide them. */
  readonly attested?: AttestationReader;
  /** For engines only. */
  readonly actions?: EngineActions;
}

/** A signal for requests that end on their own soon. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
