import type { GitDescription } from "../../../oci/images/tagScheme.ts";
import type { ImageNode } from "../images/node.ts";
import type { Pickable } from "../images/pick.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import type { SourceRegistry } from "./targets.ts";

/** What actions work with; made in `extension.ts`. */
export interface ActionParts {
  readonly sources: SourceRegistry;
  readonly dialogs: Dialogs;
  /** Asks for one image. */
  pickImage(question: string, pickable: Pickable): Promise<ImageNode | undefined>;
  readonly recent: RecentReferences;
  /** Of the repository that is worked in; undefined where there is none, or Git is not looked at. */
  git(): Promise<GitDescription | undefined>;
  /** Opens an image as a JSON document with this title. */
  inspect(sourceId: string, imageId: string, title: string): Promise<void>;
  /** Shows an image in the tree. */
  reveal(sourceId: string, imageId: string): Promise<void>;
  /** Opens an archive in the tree. */
  openArchive(file: string): Promise<void>;
}

/** References that were pulled before, latest first. */
export interface RecentReferences {
  list(): readonly string[];
  add(reference: string): Promise<void>;
}
