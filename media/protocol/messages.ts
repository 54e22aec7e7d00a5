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
}

/** A diff without its rows. */
export interface DiffHeader {
  readonly title: string;
  /** The instruction that made the layer, if only one is compared. */
  readonly subtitle?: string;
  readonly before: string;
  readonly after: string;
  readonly summary: DiffSummary;
  /** Remarks on these numbers: parts that could not be read, how two layers are compared. */
  readonly notes: readonly string[];
  readonly rowCount: number;
}

/** Rows come in pieces between `begin` and `end`, so that a diff of 100,000 rows is no single message. */
export type HostToView =
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

export type ViewToHost =
  | { readonly type: "ready" }
  | { readonly type: "copyPath"; readonly path: string }
  | { readonly type: "cancel" }
  | { readonly type: "retry" };
