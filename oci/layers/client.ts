import { success, type Result } from "../core/error.ts";
import type { DiffRow } from "../core/diff.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent, LayerEntry } from "../core/entry.ts";
import type { Image } from "../core/image.ts";
import { createFoundReader, type FoundReader } from "../archive/select.ts";
import type { EngineConnection } from "../engine/endpoint/connection.ts";
import type { AspectRequest, Aspects } from "./aspects.ts";
import type { BrowsedNode, PathRequest } from "./browse.ts";
import type { PathVersion } from "../images/pathHistory.ts";
import type { Extraction, ExtractRequest } from "./extract/extract.ts";
import type { Search } from "./engineContent.ts";
import type { FileRequest } from "./file.ts";
import type { LayerDiff, LayerSides } from "./diff.ts";
import type { FileSystemRequest } from "./fileSystem.ts";
import type { DuplicatesRequest, ImageDuplicates } from "./duplicates.ts";
import type { LayerSource, PackedLayers } from "./protocol.ts";
import type { FoundPaths, SearchRequest } from "./search.ts";
import { LayerThread, type LayerThreadOptions } from "./thread.ts";
import type { ImageWaste, WasteRequest } from "./waste.ts";
import { unpackContent } from "../source/packedContent.ts";
import type {
  AttestationReader,
  ImageFilesReader,
  LayerReader,
  PackageSizesReader,
  Progress,
  ReadLayers,
  WasteReader,
} from "../source/source.ts";

export type LayerClientOptions = LayerThreadOptions;

/**
 * Reads archives and layers in a worker thread. The worker starts with the first request and ends after being idle for
 * a while. It never keeps the process alive.
 */
export interface LayerClient {
  /** Layers of an engine's images. */
  layersOf(connection: EngineConnection): WorkerLayers;
  /** Looks for the layers of an image whose blobs the engine lacks: in its other images, or in a container's export. */
  findLayers(search: Search, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Result<Image>>;
  /** Layers of registry images, fetched with the user's logins. */
  layersOfRegistry(options: { readonly insecureRegistries: readonly string[] }): WorkerLayers;
  openArchive(path: string, signal: AbortSignal): Promise<Result<OpenedArchive>>;
  /** Compares two file systems; shared layers are read once. */
  diff(sides: LayerSides<LayerSource>, listener: DiffListener, signal: AbortSignal): Promise<Result<LayerDiff>>;
  /** Reads all layers of an image and sums up the hidden bytes. */
  waste(
    request: WasteRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<ImageWaste>>;
  /** Reads one file of an image's file system. */
  file(
    request: FileRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<Uint8Array>>;
  /** Compares the layers and packages of two images. */
  aspects(
    request: AspectRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<Aspects>>;
  /** Lists every entry of a file system, folders before their content. Resolves with the number of entries. */
  list(request: FileSystemRequest<LayerSource>, listener: ListListener, signal: AbortSignal): Promise<Result<number>>;
  /** Finds paths in all layers of an image. */
  search(
    request: SearchRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<FoundPaths>>;
  /** Finds files of an image that ship the same content more than once. */
  duplicates(
    request: DuplicatesRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<ImageDuplicates>>;
  /** Finds what is at a path of an image's file system. */
  browse(request: PathRequest<LayerSource>, signal: AbortSignal): Promise<Result<BrowsedNode>>;
  /** Finds every layer that changed a path, lowest first. */
  history(request: PathRequest<LayerSource>, signal: AbortSignal): Promise<Result<readonly PathVersion[]>>;
  /** Writes a file or folder of an image's file system to disk. */
  extract(
    request: ExtractRequest<LayerSource>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<Extraction>>;
  /**
   * Ends the worker once the reads it has begun are in the cache, and resolves then; the process stays alive until
   * that.
   */
  finish(): Promise<void>;
  dispose(): void;
}

/** An open archive: its images are known here, and the worker reads its layers. */
export type OpenedArchive = FoundReader & WorkerLayers & AttestationReader;

/** Layers that the worker reads, with the source it reads them from. */
export interface WorkerLayers extends LayerReader, ImageFilesReader, PackageSizesReader, WasteReader {
  readonly layerSource: LayerSource;
}

export interface DiffListener {
  /**
   * Called with rows in diff order, in chunks that each take the receiving thread a few milliseconds. All rows have
   * arrived when the diff resolves.
   */
  onRows(rows: readonly DiffRow[]): void;
  onProgress?(progress: Progress): void;
}

export interface ListListener {
  /** Called with chunks, as in {@link DiffListener.onRows}. */
  onEntries(entries: readonly LayerEntry[]): void;
  onProgress?(progress: Progress): void;
}

export function createLayerClient(options: LayerClientOptions): LayerClient {
  const thread = new LayerThread(options);
  const layers = (source: LayerSource): WorkerLayers => ({
    layerSource: source,
    packageSizes: (image, signal) => thread.run({ kind: "packageSizes", source, image }, {}, signal),
    waste: (image, signal) => thread.run({ kind: "waste", source, image, maxPaths: 0 }, {}, signal),
    imageFiles: (image, wanted, signal) => thread.run({ kind: "files", source, image, ...wanted }, {}, signal),
    layers: async (image, { wanted, onProgress }, signal) => {
      const job = { kind: "layers", source, image, ...(wanted && { wanted }) } as const;
      const read = await thread.run(job, { onProgress }, signal);
      return read.ok ? success(unpackLayers(read.value)) : read;
    },
  });
  return {
    layersOf: (connection) => layers({ kind: "engine", connection }),
    layersOfRegistry: ({ insecureRegistries }) => layers({ kind: "registry", insecureRegistries }),
    findLayers: (search, onProgress, signal) => thread.run({ kind: "findLayers", ...search }, { onProgress }, signal),
    openArchive: async (path, signal) => {
      const found = await thread.run({ kind: "open", path }, {}, signal);
      if (!found.ok) return found;
      const statement: AttestationReader["statement"] = (image, wanted, until) =>
        thread.run({ kind: "statement", path, image, statement: wanted }, {}, until);
      return success({ ...createFoundReader(path, found.value), ...layers({ kind: "archive", path }), statement });
    },
    diff: (sides, listener, signal) => thread.run({ kind: "diff", ...sides }, listener, signal),
    waste: (request, onProgress, signal) => thread.run({ kind: "waste", ...request }, { onProgress }, signal),
    file: (request, onProgress, signal) => thread.run({ kind: "file", ...request }, { onProgress }, signal),
    extract: (request, onProgress, signal) => thread.run({ kind: "extract", ...request }, { onProgress }, signal),
    aspects: (request, onProgress, signal) => thread.run({ kind: "aspects", ...request }, { onProgress }, signal),
    list: (request, listener, signal) => thread.run({ kind: "list", ...request }, listener, signal),
    search: (request, onProgress, signal) => thread.run({ kind: "search", ...request }, { onProgress }, signal),
    duplicates: (request, onProgress, signal) => thread.run({ kind: "duplicates", ...request }, { onProgress }, signal),
    browse: (request, signal) => thread.run({ kind: "browse", ...request }, {}, signal),
    history: (request, signal) => thread.run({ kind: "history", ...request }, {}, signal),
    finish: () => thread.finish(),
    dispose: () => thread.end(),
  };
}

function unpackLayers({ contents, ...rest }: PackedLayers): ReadLayers {
  const unpacked = new Map<DiffId, LayerContent>();
  for (const [diffId, packed] of contents) {
    const content = unpackContent(packed);
    if (content) unpacked.set(diffId, content);
  }
  return { ...rest, contents: unpacked };
}
