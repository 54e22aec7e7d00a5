import type { OciError } from "../../../oci/core/error.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";
import type { SourceKind } from "../sources/source.ts";

/** A row of the images view: plain data. `id` is unique in the tree and the same after a refresh. */
export type ImageTreeNode = SourceNode | ImageNode | LayerNode | StepNode | NoticeNode;

/** Where images come from; shown as a root once there is more than one such place. */
export interface SourceNode {
  readonly kind: "source";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly label: string;
  /** A socket, a host, a file. */
  readonly place: string;
}

export interface ImageNode {
  readonly kind: "image";
  readonly id: string;
  readonly sourceId: string;
  readonly summary: ImageSummary;
}

export interface LayerNode {
  readonly kind: "layer";
  readonly id: string;
  readonly sourceId: string;
  readonly image: Image;
  readonly layer: Layer;
}

/** A history step that stands at no layer: ENV, CMD, LABEL, … */
export interface StepNode {
  readonly kind: "step";
  readonly id: string;
  readonly step: HistoryStep;
  /** Whether it made a layer: "none" by the config, "inferred" none by its text, "unknown" where history and layers do not fit. */
  readonly layer: "none" | "inferred" | "unknown";
}

/** Says why something is not there, or offers what to do about it. */
export interface NoticeNode {
  readonly kind: "notice";
  readonly id: string;
  readonly severity: "error" | "warning" | "info" | "action";
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Codicon id, instead of the severity's own. */
  readonly icon?: string;
  readonly command?: { readonly id: string; readonly title: string; readonly arguments?: readonly unknown[] };
  readonly fold?: "collapsed" | "expanded";
  readonly children?: readonly ImageTreeNode[];
}

/** What the tree knows of its sources when it draws the root. */
export interface SourcesState {
  /** The engine in use first, then the others of the settings in their order; never empty, but of no meaning without trust. */
  readonly engines: readonly EngineState[];
  /** Opened archives, oldest first. */
  readonly archives: readonly SourceNode[];
  /** Absent while no reference to a registry is open. */
  readonly registry?: SourceNode;
  /** False: no engine and no registry is asked. */
  readonly isTrusted: boolean;
}

/** An engine by its name and where it stands; `source` can be listed only where it is ready. */
export type EngineState =
  | { readonly kind: "ready" | "looking"; readonly source: SourceNode }
  | { readonly kind: "absent"; readonly source: SourceNode; readonly error: OciError };
