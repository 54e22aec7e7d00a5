import { Worker } from "node:worker_threads";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { DiffRow } from "../core/diff.ts";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { createFoundReader, type FoundReader } from "../archive/select.ts";
import type { EngineConnection } from "../engine/endpoint/connection.ts";
import type { AspectRequest, Aspects } from "./aspects.ts";
import type { BrowsedNode, PathRequest } from "./browse.ts";
import type { PathVersion } from "../images/pathHistory.ts";
import type { Extraction, ExtractRequest } from "./extract/extract.ts";
import type { FileRequest } from "./file.ts";
import type { LayerDiff, LayerSides } from "./diff.ts";
import type { LayerSource, LayerWorkerData, PackedLayers, WorkerAnswer, WorkerJob, WorkerResults } from "./protocol.ts";
import type { ImageWaste, WasteRequest } from "./waste.ts";
import { unpackContent } from "../source/packedContent.ts";
import type {
  AttestationReader,
  ImageFilesReader,
  LayerReader,
  PackageSizesReader,
  Progress,
  ReadLayers,
} from "../source/source.ts";

export interface LayerClientOptions extends LayerWorkerData {
  /** `dist/layerWorker.js`, or `worker.ts` if run from sources. */
  readonly workerPath: string | URL;
  /** The limit of V8's heap in the worker, and of the data kept outside it. Defaults to 4 GB. */
  readonly maxHeapMb?: number;
  /**
   * The worker's environment from its next start on; defaults to this process's. Node reads proxies and certificates
   * from it (NODE_USE_ENV_PROXY, NODE_USE_SYSTEM_CA).
   */
  environment?(): Readonly<Record<string, string | undefined>>;
}

/**
 * Reads archives and layers in a worker thread. The worker starts with the first request and ends after being idle for
 * a while. It never keeps the process alive.
 */
export interface LayerClient {
  /** Layers of an engine's images. */
  layersOf(connection: EngineConnection): WorkerLayers;
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
  /** Looks up a path of an image's file system. */
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
export interface WorkerLayers extends LayerReader, ImageFilesReader, PackageSizesReader {
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

export function createLayerClient(options: LayerClientOptions): LayerClient {
  const thread = new LayerThread(options);
  const layers = (source: LayerSource): WorkerLayers => ({
    layerSource: source,
    packageSizes: (image, signal) => thread.run({ kind: "packageSizes", source, image }, {}, signal),
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

type Unnumbered<T> = T extends unknown ? Omit<T, "id"> : never;
type Job = Unnumbered<WorkerJob>;

interface Listener {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRows?: (rows: readonly DiffRow[]) => void;
}

interface Waiting {
  readonly what: string;
  /** Removed once it is no longer needed. */
  listener: Listener;
  resolve(result: WorkerResults[WorkerJob["kind"]]): void;
  reject(reason: unknown): void;
}

const idleMs = 60_000; // Long enough to browse several layers without opening the archive again.
const cancelMs = 5_000; // A worker that hasn't stopped by then is stuck.
// Two images with the maximum number of entries. Beyond that, the worker ends and not the process.
const defaultHeapMb = 4096;

/** Owns the worker and its requests. */
class LayerThread {
  readonly #path: string | URL;
  readonly #data: LayerWorkerData;
  readonly #maxHeapMb: number;
  readonly #environment: () => Readonly<Record<string, string | undefined>>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #count = 0;

  constructor({ workerPath, environment = () => process.env, maxHeapMb = defaultHeapMb, ...data }: LayerClientOptions) {
    this.#maxHeapMb = maxHeapMb;
    this.#path = workerPath;
    this.#environment = environment;
    this.#data = data;
  }

  run<K extends WorkerJob["kind"]>(
    job: Job & { readonly kind: K },
    listener: Listener,
    signal: AbortSignal,
  ): Promise<WorkerResults[K]> {
    return new Promise<WorkerResults[K]>((resolve, reject) => {
      signal.throwIfAborted();
      const id = this.#count++;
      const worker = this.#awake();
      const cancel = (): void => {
        reject(signal.reason as Error);
        waiting.listener = {};
        this.#cancel(worker, id);
      };
      const settled = (): void => signal.removeEventListener("abort", cancel);
      // The worker answers each job with its kind of result.
      const waiting: Waiting = {
        what: whatOf(job),
        listener,
        resolve: (result) => (settled(), resolve(result as WorkerResults[K])),
        reject: (reason) => (settled(), reject(reason as Error)),
      };
      this.#waiting.set(id, waiting);
      signal.addEventListener("abort", cancel, { once: true });
      worker.postMessage({ ...job, id });
    });
  }

  end(): void {
    for (const { reject } of this.#waiting.values())
      reject(new DOMException("the layer reader was closed", "AbortError"));
    this.#waiting.clear();
    this.#stop();
  }

  finish(): Promise<void> {
    const worker = this.#worker;
    this.end();
    worker?.ref();
    return new Promise((resolve) => (worker ? void worker.once("exit", () => resolve()) : resolve()));
  }

  /** The worker; it keeps the process alive while it works. */
  #awake(): Worker {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    return worker;
  }

  #start(): Worker {
    const worker = new Worker(this.#path, {
      execArgv: [],
      env: this.#environment(),
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: this.#maxHeapMb },
    });
    worker.on("message", (answer: WorkerAnswer) => this.#take(answer));
    worker.on("error", (thrown) => this.#lose(worker, thrown));
    worker.on("exit", () => this.#lose(worker, new Error("it ended")));
    return worker;
  }

  #take(answer: WorkerAnswer): void {
    const asked = this.#waiting.get(answer.id);
    if (answer.kind === "progress") return asked?.listener.onProgress?.(answer.progress);
    if (answer.kind === "rows") {
      asked?.listener.onRows?.(answer.rows);
      return this.#worker?.postMessage({ kind: "taken", id: answer.id });
    }
    this.#waiting.delete(answer.id);
    if (answer.kind === "done") asked?.resolve(answer.result);
    else asked?.reject(new Error(`the layer worker failed: ${answer.message}`));
    this.#rest();
  }

  #cancel(worker: Worker, id: number): void {
    worker.postMessage({ kind: "cancel", id });
    setTimeout(() => {
      if (this.#waiting.has(id) && this.#worker === worker) void worker.terminate();
    }, cancelMs).unref();
  }

  #lose(worker: Worker, thrown: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { what, resolve } of this.#waiting.values()) resolve(failure(crashError(what, thrown, this.#maxHeapMb)));
    this.#waiting.clear();
  }

  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#worker?.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#stop(), idleMs).unref();
  }

  /** Lets the worker clean up and end on its own. */
  #stop(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.unref();
    worker?.postMessage({ kind: "end" });
  }
}

function whatOf(job: Job): string {
  if (job.kind === "diff" || job.kind === "aspects")
    return `${job.before.image.reference} or ${job.after.image.reference}`;
  return job.kind === "open" ? job.path : job.image.reference;
}

function crashError(what: string, thrown: unknown, maxHeapMb: number): OciError {
  const { code, message } =
    thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : { code: undefined, message: String(thrown) };
  if (code === "ERR_WORKER_OUT_OF_MEMORY")
    return { kind: "tooLarge", what, message: `reading it takes more than ${maxHeapMb} MB of memory` };
  return { kind: "badArchive", what, message: `the layer reader crashed on it: ${message}` };
}
