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
  readonly change: ChangeKind;
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: ViewEntry;
  readonly after?: ViewEntry;
  readonly deltaBytes: number;
  /** Why the change deserves a look; absent without a reason. */
  readonly marks?: readonly string[];
}

/** A diff without its rows. */
export interface DiffHeader {
  readonly title: string;
  /** The instruction that made the layer, if only one is compared. */
  readonly subtitle?: string;
  readonly before: string;
  readonly after: string;
  /** What the layer adds to the image, if only one is compared: the content that it ships, whatever the file system gained or lost by it. */
  readonly adds?: ShippedBytes;
  /** Of the newer side's image, base first. */
  readonly layers: readonly ViewLayer[];
  /** Whose change this is, if it is that of one layer; base is 0. */
  readonly layerIndex?: number;
  readonly summary: DiffSummary;
  /** Remarks on these numbers: parts that could not be read, how two layers are compared. */
  readonly notes: readonly string[];
  readonly rowCount: number;
}

/** A layer of the newer side's image; sizes are absent where the source doesn't say them. */
export interface ViewLayer {
  /** The instruction that made it; empty where it is unknown. */
  readonly step: string;
  /** Uncompressed file content, known once the layer was read. */
  readonly content?: number;
  /** As stored and downloaded. */
  readonly blob?: number;
  /** As the engine counts it. */
  readonly engine?: number;
}

export interface ShippedBytes {
  /** Uncompressed file content. */
  readonly content: number;
  /** As stored and downloaded, where the source says it. */
  readonly blob?: number;
}

/** One version of a file that ships and that nobody can see. */
export interface WasteRow {
  readonly path: string;
  readonly bytes: number;
  /** The layer that brought it, from 1. */
  readonly broughtBy: number;
  /** The layer that hid it, from 1. */
  readonly hiddenBy: number;
  readonly how: WasteReason;
  /** The folder that went and took it along, where it is not the path itself. */
  readonly through?: string;
}

/** How a file was hidden: removed, by an opaque folder, replaced by something else, shipped again with other attributes only, shipped again as it was. */
export type WasteReason = "removed" | "opaque" | "replaced" | "attributes" | "identical";

/** What the newer side's image ships, shows and wastes, all its layers together; uncompressed file content. */
export interface WasteReport {
  /** What people know the image by. */
  readonly image: string;
  readonly shippedBytes: number;
  readonly visibleBytes: number;
  readonly wastedBytes: number;
  /** 0 to 1. */
  readonly efficiency: number;
  /** Where the base image is known: how many layers are its, and what of the waste these brought. */
  readonly base?: { readonly layerCount: number; readonly wastedBytes: number };
  /** The instruction of each layer, base first; empty where it is unknown. */
  readonly steps: readonly string[];
  /** The layers with their sizes, all of which have been read. */
  readonly layers: readonly ViewLayer[];
  /** Most bytes first. */
  readonly rows: readonly WasteRow[];
  /** Paths that are not among the rows, since they waste least. */
  readonly omittedPaths: number;
}

export type HostToView = DiffMessage | WasteMessage;

/** Rows come in pieces between `begin` and `end`, so that a diff of 100,000 rows is no single message. */
export type DiffMessage =
  /** Comes first: the view keeps the request, so that the comparison can be made again after a reload of the window. */
  | { readonly type: "identify"; readonly request: unknown }
  | {
      readonly type: "progress";
      readonly label: string;
      /** 0 to 1; absent if unknown. */ readonly fraction?: number;
    }
  | { readonly type: "begin"; readonly header: DiffHeader }
  | { readonly type: "rows"; readonly rows: readonly ViewRow[] }
  | { readonly type: "end" }
  | { readonly type: "error"; readonly title: string; readonly message: string }
  | { readonly type: "cancelled" };

export type WasteMessage =
  | { readonly type: "waste"; readonly report: WasteReport }
  /** "notRead": it takes fetching all layers, which is left to the user. */
  | { readonly type: "wasteState"; readonly state: "notRead" | "reading"; readonly label?: string }
  | { readonly type: "wasteError"; readonly title: string; readonly message: string };

/** A row as VS Code's menu, its conditions and its commands know it; the page adds the request. */
export interface RowMenu {
  readonly webviewSection: "layerFile";
  readonly path: string;
  /** Its path on the older side, if that is another. */
  readonly from?: string;
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** An editor can show it. */
  readonly isFile: boolean;
  /** Which version is meant, if it isn't the newer side's. */
  readonly layerCount?: number;
}

export type ViewToHost =
  | { readonly type: "ready" }
  | { readonly type: "copyPath"; readonly path: string }
  /** Show what another layer of the newer side's image changed, in the same panel. */
  | { readonly type: "showLayer"; readonly layerIndex: number }
  /** Open a file: both versions if there are two. */
  | { readonly type: "openRow"; readonly row: RowMenu }
  /** Fetch the layers that are not read yet, and sum up. */
  | { readonly type: "readWaste" }
  | { readonly type: "cancel" }
  | { readonly type: "retry" };
