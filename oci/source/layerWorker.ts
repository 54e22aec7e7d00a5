// Entry of the worker thread that reads archives and layers; bundled by itself into dist/layerWorker.js.
import { parentPort, workerData } from "node:worker_threads";
import { success } from "../core/error.ts";
import type { ArchiveOptions } from "./archive.ts";
import { createShelf } from "./archiveShelf.ts";
import { createLayerCache } from "./cache.ts";
import { createCredentials } from "./credentials.ts";
import { readEngineLayers } from "./engineLayers.ts";
import type { LayerWorkerData, WorkerAnswer, WorkerJob, WorkerRequest, WorkerResults } from "./layerProtocol.ts";
import { processSurroundings } from "./localEngine.ts";
import { createRegistryLayers } from "./registryLayers.ts";
import type { LayerReader, LayerRequest, Progress } from "./source.ts";

const port = parentPort;
if (!port) throw new Error("layerWorker runs in a worker thread only");

const { cacheFolder, spoolFolder } = workerData as LayerWorkerData;
const options: ArchiveOptions = { cache: createLayerCache(cacheFolder === undefined ? {} : { folder: cacheFolder }), ...(spoolFolder !== undefined && { spoolFolder }) };
const running = new Map<number, AbortController>();
const shelf = createShelf(options);
const credentials = createCredentials(processSurroundings());
/** By what may be spoken to insecurely: each knows the tokens and limits that registries gave it. */
const registries = new Map<string, LayerReader>();

port.on("message", (request: WorkerRequest) => {
  switch (request.kind) {
    case "open":
    case "layers":
      void run(request);
      return;
    case "cancel":
      running.get(request.id)?.abort();
      return;
    case "end":
      for (const controller of running.values()) controller.abort();
      void shelf.close().finally(() => port.close());
      return;
    default:
      request satisfies never;
  }
});

async function run(job: WorkerJob): Promise<void> {
  const controller = new AbortController();
  running.set(job.id, controller);
  try {
    answer({ kind: "done", id: job.id, result: await work(job, controller.signal) });
  } catch (thrown) {
    answer({ kind: "threw", id: job.id, message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
  } finally {
    running.delete(job.id);
  }
}

async function work(job: WorkerJob, signal: AbortSignal): Promise<WorkerResults[WorkerJob["kind"]]> {
  if (job.kind === "open") return shelf.use(job.path, signal, ({ found }) => Promise.resolve(success(found)));
  const { source, image, wanted } = job;
  const request: LayerRequest = { ...(wanted && { wanted }), onProgress: reporter(job.id) };
  switch (source.kind) {
    case "engine":
      return readEngineLayers(source.connection, { ...request, image }, { ...options, signal });
    case "registry":
      return registryLayers(source.insecureRegistries).layers(image, request, signal);
    case "archive":
      return shelf.use(source.path, signal, (archive) => archive.layers(image, request, signal));
    default:
      return source satisfies never;
  }
}

function registryLayers(insecureRegistries: readonly string[]): LayerReader {
  const key = insecureRegistries.join(" ");
  const reader = registries.get(key) ?? createRegistryLayers({ ...options, credentials, insecureRegistries });
  registries.set(key, reader);
  return reader;
}

function answer(message: WorkerAnswer): void {
  port?.postMessage(message);
}

const reportEveryMs = 50; // Faster than anyone looks; each report is a message that the main thread must take.

function reporter(id: number): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < reportEveryMs) return;
    last = now;
    answer({ kind: "progress", id, progress });
  };
}
