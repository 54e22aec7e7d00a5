import type { ChangedAttribute, ChangeKind, DiffSummary } from "../../oci/core/diff.ts";

/** One side of a row as the view prints it. */
export interface ViewEntry {
  readonly kind: string;
  readonly size: number;
  readonly mode: number;
  readonly owner: string;
  readonly mtimeMs: number;
  readonly linkTarget?: string;
}

export interface ViewRow {
  readonly path: string;
  readonly change: ChangeKind;
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: ViewEntry;
  readonly after?: ViewEntry;
  readonly deltaBytes: number;
}

export interface DiffModel {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly rows: readonly ViewRow[];
  readonly summary: DiffSummary;
}

export type HostToView =
  | { readonly type: "show"; readonly model: DiffModel }
  | { readonly type: "progress"; readonly label: string; readonly fraction?: number }
  | { readonly type: "error"; readonly message: string };

export type ViewToHost =
  | { readonly type: "ready" }
  | { readonly type: "copyPath"; readonly path: string }
  | { readonly type: "cancel" }
  | { readonly type: "retry" };
