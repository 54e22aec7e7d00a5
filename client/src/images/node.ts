import type { OciError } from "../../../oci/core/error.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import type { Platform } from "../../../oci/core/platform.ts";
import type { ByteSum } from "../../../oci/images/space.ts";
import type { AttestedStatement } from "../../../oci/source/source.ts";
import type { SourceKind } from "../sources/source.ts";

/** A row of the images view: plain data. `id` is unique in the tree and the same after a refresh. */
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

/** A sum that says if more is on the disk than what was counted. */
export interface DiskSum extends ByteSum {
  readonly hasMore?: boolean;
}

/** Where images come from; shown as a root once there is more than one such place. */
export interface SourceNode {
  readonly kind: "source";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly label: string;
  /** A socket, a host, a file. */
  readonly address: string;
  /** What its images take, every layer once; absent while that is not known. */
  readonly total?: DiskSum;
}

/** The row that opens into what all images of a source take together. */
export interface DiskSpaceNode {
  readonly kind: "diskSpace";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  /** Absent while it is not known. */
  readonly total?: DiskSum;
}

/** Rows under one name: a repository's images, the environment's variables, what did not fit on a page. */
export interface GroupNode {
  readonly kind: "group";
  readonly id: string;
  readonly label: string;
  /** Whether the label is the name of a repository, which may be long. */
  readonly isRepository?: boolean;
  readonly description?: string;
  readonly detail?: string;
  /** When the newest image in it was made, in seconds since 1970. */
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
  /** Which of its repositories it stands here for, where that is not the one of its first name. */
  readonly repository?: string;
  /** The repository whose row it stands under: its name is not said again. */
  readonly underRepository?: string;
  /** What its layers add up to as stored, where the list does not tell a size and they were read. */
  readonly layerTotal?: ByteSum;
  /** What is said of it where it stands: what removing it gives back. */
  readonly note?: string;
}

/** The ID of an image's row: under its source at its own place, which is the same in every layout. */
export function imageRowId(parentId: string, imageId: string): string {
  return `${parentId}/image/${escapeIdSegment(imageId)}`;
}

/** A name as one part of a row's ID, so that no name makes it another row's. VS Code draws no list in which two rows have one. */
export function escapeIdSegment(name: string): string {
  return name.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/** An image of one platform as it was read, and where from. */
export interface FoundImage {
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  /** Its row of the source's list. */
  readonly summary: ImageSummary;
  readonly image: Image;
  /** Absent where the platform was the source's choice. */
  readonly platform?: Platform;
}

/** One aspect of an image, as `rows/sections.ts` lists them. */
export interface SectionNode {
  readonly kind: "section";
  readonly id: string;
  /** The kind of the section that its rows come from. */
  readonly section: string;
  readonly label: string;
  /** Codicon id. */
  readonly icon: string;
  readonly note: string;
  readonly collapsibleState: "collapsed" | "expanded";
  readonly found: FoundImage;
  /** How many, or the answer in short; absent while it is not known. */
  readonly summary?: string;
}

export interface LayerNode {
  readonly kind: "layer";
  readonly id: string;
  readonly sourceId: string;
  /** What the source lists the image by, and is asked for it by. */
  readonly imageId: string;
  readonly image: Image;
  readonly layer: Layer;
  /** Where it is not the platform that the source chooses. */
  readonly platform?: Platform;
  /** Of the image's size, from 0 to 1; absent where sizes are unknown or count different things. */
  readonly share?: number;
  /** How many other images of the source have it; absent while that is not known. */
  readonly sharedCount?: number;
}

/** A step of the history. */
export interface StepNode {
  readonly kind: "step";
  readonly id: string;
  readonly sourceId: string;
  readonly image: Image;
  readonly step: HistoryStep;
  /** The layer it made, "none" by the config, "inferred" none by its text, "unknown" where history and layers do not fit. */
  readonly layer: Layer | "none" | "inferred" | "unknown";
}

/** An image of one platform among those that a name stands for. */
export interface PlatformNode {
  readonly kind: "platform";
  readonly id: string;
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  readonly summary: ImageSummary;
  readonly manifest: ManifestSummary;
  /** What the image itself is, whose rows stand beside. */
  readonly isDefaultPlatform: boolean;
  readonly attestations: readonly ManifestSummary[];
}

/** A manifest that says something about another one, or is neither image nor attestation. */
export interface AttestationNode {
  readonly kind: "attestation";
  readonly id: string;
  readonly sourceId: string;
  readonly imageId: string;
  /** Of the image that it is about, where that is not the source's choice. */
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

/** One thing that is known; its value can be copied. */
export interface FactNode {
  readonly kind: "fact";
  readonly id: string;
  readonly name: string;
  readonly value: string;
  /** A value to be read exactly: a digest, a path. */
  readonly isLiteral?: boolean;
  readonly explanation?: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly severity?: "warning";
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
  readonly collapsibleState?: "collapsed" | "expanded";
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
  | {
      readonly kind: "absent";
      readonly source: SourceNode;
      readonly error: OciError;
      /** The endpoint it had until the connection was lost. */
      readonly lostEndpoint?: string | undefined;
    };
