import { Worker } from "node:worker_threads";
import { failure, type OciError } from "../core/error.ts";
import type { DiffRow } from "../core/diff.ts";
import type { LayerEntry } from "../core/entry.ts";
import type { Progress } from "../source/source.ts";
import type { LayerWorkerData, WorkerAnswer, WorkerJob, WorkerResults } from "./protocol.ts";

export interface LayerThreadOptions extends LayerWorkerData {
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

type Unnumbered<T> = T extends unknown ? Omit<T, "id"> : never;
export type Job = Unnumbered<WorkerJob>;

export interface Listener {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRows?: (rows: readonly DiffRow[]) => void;
  readonly onEntries?: (entries: readonly LayerEntry[]) => void;
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
export class LayerThread {
  readonly #path: string | URL;
  readonly #data: LayerWorkerData;
  readonly #maxHeapMb: number;
  readonly #environment: () => Readonly<Record<string, string | undefined>>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #count = 0;

  constructor({ workerPath, environment = () => process.env, maxHeapMb = defaultHeapMb, ...data }: LayerThreadOptions) {
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
    if (answer.kind === "rows" || answer.kind === "entries") {
      takePiece(answer, asked?.listener ?? {});
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

function takePiece(
  answer: Extract<WorkerAnswer, { readonly kind: "rows" | "entries" }>,
  { onRows, onEntries }: Listener,
): void {
  if (answer.kind === "rows") onRows?.(answer.rows);
  else onEntries?.(answer.entries);
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
