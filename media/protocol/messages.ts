import type { ChangedAttribute, ChangeKind, DiffSummary } from "../../oci/core/diff.ts";

/** One side of a row as the view prints it. */
export interface ViewEntry {
  readonly kind: string;
  /** Content bytes; 0 for everything but files. */
  readonly size: number;
  /** The 12 permission bits. */
  readonly mode: number;
  /** `uid:gid`, with the archive's names if it has some: `0:0 (root:root)`. */
  readonly owner: string;
  readonly mtimeMs: number;
  readonly linkTarget?: string;
  /** `major:minor`. */
  readonly device?: string;
  /** Only if they differ; values base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

export interface ViewRow {
  readonly path: string;
  /** The former path of a renamed file. */
  readonly from?: string;
  /** "same": unchanged; only if the whole file system is shown. */
  readonly change: ChangeKind | "same";
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: ViewEntry;
  readonly after?: ViewEntry;
  readonly deltaBytes: number;
  /** Reasons to review the change; absent without a reason. */
  readonly marks?: readonly string[];
}

/** Rows as they are sent: a text, as VS Code visits every property of a message's objects and clones them twice. */
export type PackedRows = string & { readonly packed: "rows" };

/** A diff without its rows. */
export interface DiffHeader {
  readonly title: string;
  /** The instruction that made the layer, if only one is compared. */
  readonly subtitle?: string;
  readonly before: string;
  readonly after: string;
  /**
   * The bytes that the layer adds to the image, if only one is compared: the content it ships, however the file
   * system's size changed.
   */
  readonly adds?: ShippedBytes;
  /** The layers of the newer side's image, base first. */
  readonly layers: readonly ViewLayer[];
  /** The layer whose change this is, if it is the change of a single layer; base is 0. */
  readonly layerIndex?: number;
  readonly summary: DiffSummary;
  /** Set if there are also rows for unchanged entries. */
  readonly isWhole?: true;
  /** Remarks on these numbers: parts that could not be read, how two layers are compared. */
  readonly notes: readonly string[];
  readonly rowCount: number;
}

/** A layer of the newer side's image; sizes are absent if the source doesn't report them. */
export interface ViewLayer {
  /** The instruction that made it; empty if it is unknown. */
  readonly step: string;
  /** Uncompressed file content, known once the layer has been read. */
  readonly content?: number;
  /** As stored and downloaded. */
  readonly blob?: number;
  /** As counted by the engine. */
  readonly engine?: number;
}

/** The Dockerfile that an image was built from, and the line of each layer. */
export interface LayerLines {
  /** Its path in the workspace. */
  readonly file: string;
  /** By layer, base first, from 1; null for layers of the base image and those that no line fits. */
  readonly lines: readonly (number | null)[];
}

export interface ShippedBytes {
  /** Uncompressed file content. */
  readonly content: number;
  /** As stored and downloaded, if the source reports it. */
  readonly blob?: number;
}

/** One version of a file that ships but is hidden. */
export interface WasteRow {
  readonly path: string;
  readonly bytes: number;
  /** The layer that added it, from 1. */
  readonly broughtBy: number;
  /** The layer that hid it, from 1. */
  readonly hiddenBy: number;
  readonly how: WasteReason;
  /** The removed folder that contained it; absent if the path itself was removed. */
  readonly through?: string;
  /** A way to build the image without it: one sentence. */
  readonly advice: string;
}

/**
 * The way in which a file was hidden: removed, covered by an opaque folder, replaced by something else, shipped again
 * with only other attributes, or shipped again unchanged.
 */
export type WasteReason = "removed" | "opaque" | "replaced" | "attributes" | "identical";

/** The bytes that the newer side's image ships, shows and wastes over all its layers, as uncompressed file content. */
export interface WasteReport {
  /** The name or ID that users know the image by. */
  readonly image: string;
  readonly shippedBytes: number;
  readonly visibleBytes: number;
  readonly wastedBytes: number;
  /** 0 to 1. */
  readonly efficiency: number;
  /** The base image's number of layers and its share of the waste; absent if the base is unknown. */
  readonly base?: { readonly layerCount: number; readonly wastedBytes: number };
  /** The instruction of each layer, base first; empty if it is unknown. */
  readonly steps: readonly string[];
  /** The lines that made the layers; absent if the Dockerfile isn't known. */
  readonly origin?: LayerLines;
  /** The layers with their sizes. All of them have been read. */
  readonly layers: readonly ViewLayer[];
  /** Most bytes first. */
  readonly rows: readonly WasteRow[];
  /** The number of paths that are not among the rows because they waste least. */
  readonly omittedPaths: number;
}

/** A change of a path by one layer. The rows of a path are in layer order, lowest first. */
export interface FoundRow {
  readonly path: string;
  readonly layerIndex: number;
  readonly change: FoundChange;
  /** Content bytes of the layer's entry; absent if it removes the path. */
  readonly size?: number;
  readonly isFile: boolean;
}

export type FoundChange = "added" | "replaced" | "metadata" | "identical" | "removed";

/** The result of a search over all layers. */
export interface SearchReport {
  readonly text: string;
  readonly rows: readonly FoundRow[];
  /** The number of all matching paths; `shownPaths` is that of the paths in the rows. */
  readonly pathCount: number;
  readonly shownPaths: number;
  /** The instruction of each layer, base first. */
  readonly steps: readonly string[];
  readonly unreadCount: number;
}

/** Groups of files in the image with the same content, most wasted bytes first. */
export interface DuplicatesReport {
  readonly image: string;
  readonly groups: readonly DuplicateFiles[];
  readonly groupCount: number;
  readonly wastedBytes: number;
  readonly notes: readonly string[];
  readonly steps: readonly string[];
}

export interface DuplicateFiles {
  readonly size: number;
  readonly wastedBytes: number;
  readonly copyCount: number;
  /** The first copies; layers count from 1. */
  readonly copies: readonly { readonly path: string; readonly layer: number }[];
}

/** The differences between the two sides other than files, as lines of tables. */
export interface ComparisonReport {
  readonly sections: readonly ComparisonSection[];
}

export interface ComparisonSection {
  readonly title: string;
  /** Shown instead of the lines, or before them. */
  readonly note?: string;
  readonly lines: readonly ComparisonLine[];
}

export interface ComparisonLine {
  readonly change: "added" | "removed" | "changed" | "same";
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export type HostToView = DiffMessage | PartMessage | LinesMessage;

/** Comes after the rows, if at all: the lines of the newer side's layers. */
export interface LinesMessage {
  readonly type: "lines";
  readonly origin: LayerLines;
}

/** Rows come in chunks between `begin` and `end`, so that a diff of 100,000 rows isn't a single message. */
export type DiffMessage =
  /** Comes first. The view keeps the request, so that the comparison can be repeated after the window reloads. */
  | { readonly type: "identify"; readonly request: unknown }
  | {
      readonly type: "progress";
      readonly label: string;
      /** 0 to 1; absent if unknown. */ readonly fraction?: number;
    }
  | { readonly type: "begin"; readonly header: DiffHeader }
  | { readonly type: "rows"; readonly rows: PackedRows }
  | { readonly type: "end" }
  | { readonly type: "error"; readonly title: string; readonly message: string }
  | { readonly type: "cancelled" };

/** The tabs whose content is read when they are first shown. */
export type PartName = "waste" | "search" | "duplicates" | "comparison";

export interface PartReports {
  readonly waste: WasteReport;
  readonly search: SearchReport;
  readonly duplicates: DuplicatesReport;
  readonly comparison: ComparisonReport;
}

export type PartReport = {
  readonly [Part in PartName]: { readonly type: "report"; readonly part: Part; readonly report: PartReports[Part] };
}[PartName];

export type PartMessage =
  | PartReport
  /** "notRead": it takes fetching all layers, which is left to the user. */
  | {
      readonly type: "partState";
      readonly part: PartName;
      readonly state: "notRead" | "reading";
      readonly label?: string;
    }
  | { readonly type: "partError"; readonly part: PartName; readonly title: string; readonly message: string };

/** A row as VS Code's menu, its conditions and its commands see it; the page adds the request. */
export interface RowMenu {
  readonly webviewSection: "layerFile";
  readonly path: string;
  /** Its path on the older side, if it differs. */
  readonly from?: string;
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** An editor can show it. */
  readonly isFile: boolean;
  /** The version that is meant, if it isn't the newer side's. */
  readonly layerCount?: number;
}

export type ViewToHost =
  | { readonly type: "ready" }
  | { readonly type: "copyPath"; readonly path: string }
  /** Show what another layer of the newer side's image changed, in the same panel. */
  | { readonly type: "showLayer"; readonly layerIndex: number }
  /** Opens a file: both versions if there are two. */
  | { readonly type: "openRow"; readonly row: RowMenu }
  /** Shows the whole file system, or only the changes. */
  | { readonly type: "showWhole"; readonly isWhole: boolean }
  /** Sent when a tab is shown: reads its content if that doesn't require the network. */
  | { readonly type: "openPart"; readonly part: Exclude<PartName, "search"> }
  /** Fetches missing layers, and reads. */
  | { readonly type: "readPart"; readonly part: Exclude<PartName, "search"> }
  /** Finds paths in all layers. */
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "cancel" }
  | { readonly type: "retry" };
