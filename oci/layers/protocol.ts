import type { DiffRow } from "../core/diff.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerEntry } from "../core/entry.ts";
import type { Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import type { FoundImage } from "../archive/image.ts";
import type { EngineConnection } from "../engine/endpoint/connection.ts";
import type { AspectRequest, Aspects } from "./aspects.ts";
import type { BrowsedNode, PathRequest } from "./browse.ts";
import type { PathVersion } from "../images/pathHistory.ts";
import type { Extraction, ExtractRequest } from "./extract/extract.ts";
import type { Search } from "./engineContent.ts";
import type { FileRequest } from "./file.ts";
import type { FilesRequest } from "./files.ts";
import type { FileSystemRequest } from "./fileSystem.ts";
import type { PackageSizes } from "../packages/packageSizes.ts";
import type { LayerDiff, LayerSides } from "./diff.ts";
import type { DuplicatesRequest, ImageDuplicates } from "./duplicates.ts";
import type { FoundPaths, SearchRequest } from "./search.ts";
import type { ImageWaste, WasteRequest } from "./waste.ts";
import type { AttestedStatement, ImageFiles, Progress, ReadLayers } from "../source/source.ts";

/** The source from which the worker reads layers. */
export type LayerSource =
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "engine"; readonly connection: EngineConnection }
  /** With the user's logins, which the worker reads itself. */
  | { readonly kind: "registry"; readonly insecureRegistries: readonly string[] };

/** Given to the worker when it starts. */
export interface LayerWorkerData {
  /** The folder where layer contents outlive the process; in memory only if absent. */
  readonly cacheFolder?: string;
  /** The folder in which archives are unpacked. Defaults to the system's temporary folder. */
  readonly spoolFolder?: string;
}

/** Messages from the main thread to the worker; `id` is chosen by the caller. */
export type WorkerRequest =
  | { readonly kind: "open"; readonly id: number; readonly path: string }
  | {
      readonly kind: "statement";
      readonly id: number;
      readonly path: string;
      readonly image: Image;
      readonly statement: AttestedStatement;
    }
  | {
      readonly kind: "layers";
      readonly id: number;
      readonly source: LayerSource;
      readonly image: Image;
      readonly wanted?: readonly DiffId[];
    }
  | ({ readonly kind: "diff"; readonly id: number } & LayerSides<LayerSource>)
  | ({ readonly kind: "file"; readonly id: number } & FileRequest<LayerSource>)
  | ({ readonly kind: "files"; readonly id: number } & FilesRequest<LayerSource>)
  | ({ readonly kind: "packageSizes"; readonly id: number } & FileSystemRequest<LayerSource>)
  | ({ readonly kind: "extract"; readonly id: number } & ExtractRequest<LayerSource>)
  | ({ readonly kind: "aspects"; readonly id: number } & AspectRequest<LayerSource>)
  | ({ readonly kind: "browse" | "history"; readonly id: number } & PathRequest<LayerSource>)
  | ({ readonly kind: "waste"; readonly id: number } & WasteRequest<LayerSource>)
  | ({ readonly kind: "findLayers"; readonly id: number } & Search)
  | ({ readonly kind: "list"; readonly id: number } & FileSystemRequest<LayerSource>)
  | ({ readonly kind: "search"; readonly id: number } & SearchRequest<LayerSource>)
  | ({ readonly kind: "duplicates"; readonly id: number } & DuplicatesRequest<LayerSource>)
  /** The sent rows of a diff, or entries of a list, have been received, and more may be sent. */
  | { readonly kind: "taken"; readonly id: number }
  | { readonly kind: "cancel"; readonly id: number }
  /** Requests cleanup and exit: no more requests follow. */
  | { readonly kind: "end" };

export type WorkerJob = Exclude<WorkerRequest, { readonly kind: "taken" | "cancel" | "end" }>;

/** The result of each kind of job. */
export interface WorkerResults {
  readonly open: Result<readonly FoundImage[]>;
  readonly statement: Result<string>;
  readonly layers: Result<PackedLayers>;
  /** Sent after its rows. */
  readonly diff: Result<LayerDiff>;
  readonly waste: Result<ImageWaste>;
  readonly file: Result<Uint8Array>;
  readonly files: Result<ImageFiles>;
  readonly packageSizes: Result<PackageSizes>;
  readonly extract: Result<Extraction>;
  readonly aspects: Result<Aspects>;
  readonly browse: Result<BrowsedNode>;
  readonly history: Result<readonly PathVersion[]>;
  /** The number of entries, which were sent before. */
  readonly list: Result<number>;
  readonly search: Result<FoundPaths>;
  readonly duplicates: Result<ImageDuplicates>;
  readonly findLayers: Result<Image>;
}

/** {@link ReadLayers} whose contents are transferred to the other thread rather than copied. */
export interface PackedLayers extends Omit<ReadLayers, "contents"> {
  /** Made by `packContent`. */
  readonly contents: ReadonlyMap<DiffId, Uint8Array<ArrayBuffer>>;
}

/** Messages from the worker to the main thread. */
export type WorkerAnswer =
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "rows"; readonly id: number; readonly rows: readonly DiffRow[] }
  | { readonly kind: "entries"; readonly id: number; readonly entries: readonly LayerEntry[] }
  | { readonly kind: "done"; readonly id: number; readonly result: WorkerResults[WorkerJob["kind"]] }
  /** The job was cancelled, or it threw because of a bug. */
  | { readonly kind: "threw"; readonly id: number; readonly message: string };
