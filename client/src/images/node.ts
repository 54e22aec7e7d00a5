import type { OciError } from "../../../oci/core/error.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import type { Platform } from "../../../oci/core/platform.ts";
import type { ByteSum } from "../../../oci/images/space.ts";
import type { AttestedStatement } from "../../../oci/source/source.ts";
import type { SourceKind } from "../sources/source.ts";

/** A row of the images view, as plain data. `id` is unique in the tree and stays the same after a refresh. */
export type ImageTreeNode =
  | SourceNode
  | DiskSpaceNode
  | GroupNode
  | ImageNode
  | SectionNode
  | LayerNode
  | StepNode
  | PlatformNode
  | AttestationNode
  | StatementNode
  | FactNode
  | NoticeNode;

/** A row by its kind. */
export type NodeByKind = { readonly [Node in ImageTreeNode as Node["kind"]]: Node };

/** A sum that indicates whether the disk holds more than was counted. */
export interface DiskSum extends ByteSum {
  readonly hasMore?: boolean;
}

/** A source of images; shown as a root row if there are several. */
export interface SourceNode {
  readonly kind: "source";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly label: string;
  /** A socket, a host or a file. */
  readonly address: string;
  /** The disk usage of its images, every layer once; absent while unknown. */
  readonly total?: DiskSum;
}

/** The row that opens into the disk usage of all images of a source. */
export interface DiskSpaceNode {
  readonly kind: "diskSpace";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  /** Absent while unknown. */
  readonly total?: DiskSum;
}

/** Rows under one name: a repository's images, the environment's variables, the rows that didn't fit on a page. */
export interface GroupNode {
  readonly kind: "group";
  readonly id: string;
  readonly label: string;
  /** True if the label is the name of a repository, which may be long. */
  readonly isRepository?: boolean;
  readonly description?: string;
  readonly detail?: string;
  /** The creation time of the newest image in it, in seconds since 1970. */
  readonly newest?: number;
  /** Codicon id. */
  readonly icon: string;
  readonly collapsibleState: "collapsed" | "expanded";
  readonly children: readonly ImageTreeNode[];
}

export interface ImageNode {
  readonly kind: "image";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly summary: ImageSummary;
  /** The repository it is shown for, if it isn't that of its first name. */
  readonly repository?: string;
  /** The repository whose row it is under: its name isn't repeated. */
  readonly underRepository?: string;
  /** The stored size of its layers, if the list doesn't report a size and they were read. */
  readonly layerTotal?: ByteSum;
  /** A note for this place: the space freed by removing it. */
  readonly note?: string;
}

/** The ID of an image's row at its own place under its source, the same in every layout. */
export function imageRowId(parentId: string, imageId: string): string {
  return `${parentId}/image/${escapeIdSegment(imageId)}`;
}

/**
 * A name as one part of a row's ID, escaped so that it can't produce another row's ID. VS Code doesn't draw a list with
 * duplicate IDs.
 */
export function escapeIdSegment(name: string): string {
  return name.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/** An image of one platform as it was read, with its source. */
export interface FoundImage {
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  /** Its item in the source's list. */
  readonly summary: ImageSummary;
  readonly image: Image;
  /** Absent if the source chose the platform. */
  readonly platform?: Platform;
}

/** One aspect of an image, as `rows/sections.ts` lists them. */
export interface SectionNode {
  readonly kind: "section";
  readonly id: string;
  /** The kind of section that its rows come from. */
  readonly section: string;
  readonly label: string;
  /** Codicon id. */
  readonly icon: string;
  readonly note: string;
  readonly collapsibleState: "collapsed" | "expanded";
  readonly found: FoundImage;
  /** The number of items or a short answer; absent while unknown. */
  readonly summary?: string;
}

export interface LayerNode {
  readonly kind: "layer";
  readonly id: string;
  readonly sourceId: string;
  /** The ID by which the source lists and finds the image. */
  readonly imageId: string;
  readonly image: Image;
  readonly layer: Layer;
  /** Present if it isn't the platform that the source chooses. */
  readonly platform?: Platform;
  /** The share of the image's size, from 0 to 1; absent if sizes are unknown or count different things. */
  readonly share?: number;
  /** The number of other images of the source that have it; absent while unknown. */
  readonly sharedCount?: number;
}

/** A step of the history. */
export interface StepNode {
  readonly kind: "step";
  readonly id: string;
  readonly sourceId: string;
  readonly image: Image;
  readonly step: HistoryStep;
  /**
   * The layer it made; "none" by the config, "inferred" that there is none by its text, "unknown" if history and layers
   * don't match.
   */
  readonly layer: Layer | "none" | "inferred" | "unknown";
}

/** The image of one platform among those that a name stands for. */
export interface PlatformNode {
  readonly kind: "platform";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly summary: ImageSummary;
  readonly manifest: ManifestSummary;
  /** True for the platform of the image itself, whose rows are next to this one. */
  readonly isDefaultPlatform: boolean;
  readonly attestations: readonly ManifestSummary[];
}

/** An attestation about another manifest, or a manifest of unknown kind. */
export interface AttestationNode {
  readonly kind: "attestation";
  readonly id: string;
  readonly sourceId: string;
  readonly imageId: string;
  /** The platform of the image that it is about, if it isn't the source's choice. */
  readonly platform?: Platform;
  readonly manifest: ManifestSummary;
}

/** A statement of an attestation, which opens as a document. */
export interface StatementNode {
  readonly kind: "statement";
  readonly id: string;
  readonly sourceId: string;
  readonly imageId: string;
  readonly platform?: Platform;
  readonly statement: AttestedStatement;
}

/** A known value, which can be copied. */
export interface FactNode {
  readonly kind: "fact";
  readonly id: string;
  readonly name: string;
  readonly value: string;
  /** True for a value that must be exact: a digest, a path. */
  readonly isLiteral?: boolean;
  readonly explanation?: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly severity?: "warning";
}

/** Explains why something is missing, or offers an action. */
export interface NoticeNode {
  readonly kind: "notice";
  readonly id: string;
  readonly severity: "error" | "warning" | "info" | "action";
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A codicon ID, instead of the severity's own. */
  readonly icon?: string;
  readonly command?: { readonly id: string; readonly title: string; readonly arguments?: readonly unknown[] };
  readonly collapsibleState?: "collapsed" | "expanded";
  readonly children?: readonly ImageTreeNode[];
}

/** The state of the sources when the tree draws the root. */
export interface SourcesState {
  /** The engine in use first, then the others in settings order. Never empty; ignored without trust. */
  readonly engines: readonly EngineState[];
  /** Opened archives, oldest first. */
  readonly archives: readonly SourceNode[];
  /** Absent if no registry reference is open. */
  readonly registry?: SourceNode;
  /** If false, no engine or registry is contacted. */
  readonly isTrusted: boolean;
}

/** An engine's name and state; `source` can be listed only if it is ready. */
export type EngineState =
  | { readonly kind: "ready" | "looking"; readonly source: SourceNode }
  | {
      readonly kind: "absent";
      readonly source: SourceNode;
      readonly error: OciError;
      /** The endpoint it had until the connection was lost. */
      readonly lostEndpoint?: string | undefined;
    };
