import type { GitDescription } from "../../../oci/images/tagScheme.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { ImageReader } from "../../../oci/source/source.ts";
import type { ImageNode } from "../images/node.ts";
import type { Pickable } from "../images/pick.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import type { SourceRegistry } from "./targets.ts";

/** The parts that actions work with; made in `extension.ts`. */
export interface ActionParts {
  readonly sources: SourceRegistry;
  readonly dialogs: Dialogs;
  /** Prompts for one image. */
  pickImage(question: string, pickable: Pickable): Promise<ImageNode | undefined>;
  readonly recent: RecentReferences;
  readonly layers: LayerFinder;
  /** The state of the repository in use; undefined if there is none, or Git isn't available. */
  git(): Promise<GitDescription | undefined>;
  /** Opens an image as a JSON document with this title. */
  inspect(sourceId: string, imageId: string, title: string): Promise<void>;
  /** Shows an image in the tree. */
  reveal(sourceId: string, imageId: string): Promise<void>;
  /** Opens an archive in the tree. */
  openArchive(file: string): Promise<void>;
}

/** References that were pulled before, most recent first. */
export interface RecentReferences {
  list(): readonly string[];
  add(reference: string): Promise<void>;
}

/** Finds the layers of an image whose blobs the engine lacks. */
export interface LayerFinder {
  readonly findLayers: LayerClient["findLayers"];
  /** Asks a registry for an image by its digest, if registries may be asked. */
  readonly registryImage: ImageReader["image"];
  readonly insecureRegistries: () => readonly string[];
  /** Takes over where an image's layers are. */
  noteRead(sourceId: string, image: Image): void;
}
