// Entry of the worker thread that reads archives and layers; bundled separately into dist/layerWorker.js.
import { parentPort, workerData } from "node:worker_threads";
import type { LayerEntry } from "../core/entry.ts";
import { success, type Result } from "../core/error.ts";
import { walkTree } from "../core/layerTree.ts";
import type { ArchiveOptions } from "../archive/archive.ts";
import { keepArchivesOpen } from "../archive/openArchives.ts";
import { createLayerCache } from "../source/layerCache.ts";
import { packContent } from "../source/packedContent.ts";
import { createCredentials } from "../credentials/credentials.ts";
import { createEngineLayers } from "../engine/layers.ts";
import { createEngineContent } from "./engineContent.ts";
import { diffLayers, type LayerDiff } from "./diff.ts";
import { compareAspects, type WithFiles } from "./aspects.ts";
import { browse, historyOfPath } from "./browse.ts";
import { extract, type Extraction } from "./extract/extract.ts";
import { readImageFile } from "./file.ts";
import { readImageFiles } from "./files.ts";
import { createFileSystems, type FileSystemRequest } from "./fileSystem.ts";
import { readPackageSizes } from "./packageSizes.ts";
import type { PackageSizes } from "../packages/packageSizes.ts";
import { duplicatesOfImage } from "./duplicates.ts";
import { searchImage } from "./search.ts";
import { wasteOfImage } from "./waste.ts";
import type {
  LayerSource,
  LayerWorkerData,
  WorkerAnswer,
  WorkerJob,
  WorkerRequest,
  WorkerResults,
} from "./protocol.ts";
import { machineEnvironment } from "../source/machine.ts";
import { createCertificates } from "../registry/certificates.ts";
import { createKeptBlobs } from "../source/keptBlobs.ts";
import { createRegistryLayers } from "../registry/layers.ts";
import { proxiesOf } from "../registry/proxy.ts";
import { createNodeTransport } from "../registry/transport.ts";
import type { FileReader, ImageFiles, LayerReader, Progress } from "../source/source.ts";

const port = parentPort;
if (!port) throw new Error("layerWorker runs in a worker thread only");

const { cacheFolder, spoolFolder } = workerData as LayerWorkerData;
const options: ArchiveOptions = {
  cache: createLayerCache(cacheFolder === undefined ? {} : { folder: cacheFolder }),
  ...(spoolFolder !== undefined && { spoolFolder }),
};
const running = new Map<number, AbortController>();
/** Callbacks that continue once the sent rows were received. */
const awaitingTaken = new Map<number, () => void>();
const engineLayers = createEngineLayers(options);
const engineContent = createEngineContent({ engineLayers, registryLayers, cache: options.cache });
const archives = keepArchivesOpen(options);
const fileSystems = createFileSystems();
const credentials = createCredentials(machineEnvironment());
const certificates = createCertificates(machineEnvironment());
// VS Code passes its proxy in the environment.
const transport = createNodeTransport(proxiesOf(machineEnvironment().env));
const blobs = createKeptBlobs(spoolFolder === undefined ? {} : { folder: spoolFolder });
/** Registries by the hosts allowed to be insecure. Each keeps the tokens and limits that its registries returned. */
const registries = new Map<string, LayerReader & FileReader>();

port.on("message", (request: WorkerRequest) => {
  switch (request.kind) {
    case "taken":
      awaitingTaken.get(request.id)?.();
      return;
    case "cancel":
      running.get(request.id)?.abort();
      return;
    case "end":
      for (const controller of running.values()) controller.abort();
      blobs.dropAll();
      void engineLayers
        .idle()
        .then(() => archives.close())
        .finally(() => port.close());
      return;
    default:
      void run(request);
  }
});

async function run(job: WorkerJob): Promise<void> {
  const controller = new AbortController();
  running.set(job.id, controller);
  try {
    const moved: ArrayBuffer[] = [];
    const result = await work(job, moved, controller.signal);
    answer({ kind: "done", id: job.id, result }, moved);
  } catch (thrown) {
    answer({
      kind: "threw",
      id: job.id,
      message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    });
  } finally {
    running.delete(job.id);
  }
}

/** Runs a job. Buffers of the result that this thread no longer needs are added to `moved`. */
async function work(
  job: WorkerJob,
  moved: ArrayBuffer[],
  signal: AbortSignal,
): Promise<WorkerResults[WorkerJob["kind"]]> {
  const onProgress = reporter(job.id);
  switch (job.kind) {
    case "open":
      return archives.use(job.path, signal, ({ found }) => Promise.resolve(success(found)));
    case "statement":
      return archives.use(job.path, signal, (archive) => archive.statement(job.image, job.statement, signal));
    case "diff":
      return compare(job, signal);
    case "waste":
      return wasteOfImage({ ...job, source: readerOf(job.source) }, onProgress, signal);
    case "aspects": {
      const files: WithFiles<LayerSource> = (side, act) => withFiles({ ...side, onProgress }, signal, act);
      return compareAspects(job, { fileSystems, readerOf, withFiles: files, onProgress }, signal);
    }
    case "layers":
      return readLayers(job, moved, signal);
    case "findLayers":
      return engineContent.find(job, onProgress, signal);
    default:
      return workOnPath(job, onProgress, signal);
  }
}

type PathJob = Exclude<
  WorkerJob,
  { readonly kind: "open" | "statement" | "diff" | "waste" | "aspects" | "layers" | "findLayers" }
>;

/** Runs a job about files of one file system. */
async function workOnPath(
  job: PathJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<WorkerResults[PathJob["kind"]]> {
  switch (job.kind) {
    case "file":
      return withFiles<Uint8Array>({ ...job, onProgress }, signal, (source) =>
        readImageFile({ ...job, source, fileSystems }, onProgress, signal),
      );
    case "files":
      return withFiles<ImageFiles>({ ...job, onProgress }, signal, (source) =>
        readImageFiles({ ...job, source, fileSystems }, onProgress, signal),
      );
    case "packageSizes":
      return withFiles<PackageSizes>({ ...job, onProgress }, signal, (source) =>
        readPackageSizes({ ...job, source, fileSystems }, onProgress, signal),
      );
    case "extract":
      return withFiles<Extraction>({ ...job, onProgress }, signal, (source) =>
        extract({ ...job, source, fileSystems }, onProgress, signal),
      );
    case "browse":
      return browse({ ...job, source: readerOf(job.source), fileSystems }, onProgress, signal);
    case "history":
      return historyOfPath({ ...job, source: readerOf(job.source), fileSystems }, onProgress, signal);
    case "list":
      return listEntries(job, onProgress, signal);
    case "search":
      return searchImage({ ...job, source: readerOf(job.source), fileSystems }, onProgress, signal);
    case "duplicates":
      return duplicatesOfImage({ ...job, source: readerOf(job.source), fileSystems }, onProgress, signal);
    default:
      return job satisfies never;
  }
}

async function readLayers(
  { id, source, image, wanted }: Extract<WorkerJob, { readonly kind: "layers" }>,
  moved: ArrayBuffer[],
  signal: AbortSignal,
): Promise<WorkerResults["layers"]> {
  const request = { ...(wanted && { wanted }), onProgress: reporter(id) };
  const read = await readerOf(source).layers(image, request, signal);
  if (!read.ok) return read;
  const contents = new Map([...read.value.contents].map(([diffId, content]) => [diffId, packContent(content)]));
  for (const { buffer } of contents.values()) moved.push(buffer);
  return success({ ...read.value, contents });
}

/** Uses a reader of an image's files. An engine sends the whole image, which is read as an archive. */
function withFiles<T>(
  { source, image, onProgress }: FileSystemRequest<LayerSource> & { readonly onProgress: (progress: Progress) => void },
  signal: AbortSignal,
  act: (reader: LayerReader & FileReader) => Promise<Result<T>>,
): Promise<Result<T>> {
  switch (source.kind) {
    case "engine":
      return engineContent.use(source.connection, image, { onProgress, signal }, act);
    case "registry":
      return act(registryLayers(source.insecureRegistries));
    case "archive":
      return archives.use(source.path, signal, act);
    default:
      return source satisfies never;
  }
}

async function compare(
  { id, before, after }: Extract<WorkerJob, { readonly kind: "diff" }>,
  signal: AbortSignal,
): Promise<Result<LayerDiff>> {
  const sides = {
    before: { ...before, source: readerOf(before.source) },
    after: { ...after, source: readerOf(after.source) },
  };
  const compared = await diffLayers(sides, reporter(id), signal);
  if (!compared.ok) return compared;
  const { rows, ...rest } = compared.value;
  for (let first = 0; first < rows.length; first += rowsPerPiece)
    await send({ kind: "rows", id, rows: rows.slice(first, first + rowsPerPiece) }, signal);
  return success(rest);
}

/** Sends all entries of a file system. Only the entries of one chunk exist as objects at a time. */
async function listEntries(
  { id, ...request }: Extract<WorkerJob, { readonly kind: "list" }>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<number>> {
  const system = await fileSystems.read({ ...request, source: readerOf(request.source) }, onProgress, signal);
  if (!system.ok) return system;
  let count = 0;
  let piece: LayerEntry[] = [];
  for (const { entry } of walkTree(system.value.root)) {
    if (entry && piece.push(entry) === rowsPerPiece) {
      await send({ kind: "entries", id, entries: piece }, signal);
      piece = [];
    }
    if (entry) count++;
  }
  if (piece.length > 0) await send({ kind: "entries", id, entries: piece }, signal);
  return success(count);
}

const rowsPerPiece = 2000; // Take the receiving thread 2 to 6 ms, on Node 24; see diff.bench.ts.

/** Sends a chunk and waits until it is received: queued messages would all be handled at once. */
function send(piece: Extract<WorkerAnswer, { readonly kind: "rows" | "entries" }>, signal: AbortSignal): Promise<void> {
  const taken = isTaken(piece.id, signal);
  answer(piece);
  return taken;
}

function isTaken(id: number, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    const cancel = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", cancel, { once: true });
    awaitingTaken.set(id, () => (signal.removeEventListener("abort", cancel), resolve()));
  }).finally(() => awaitingTaken.delete(id));
}

function readerOf(source: LayerSource): LayerReader {
  switch (source.kind) {
    case "engine":
      return engineContent.of(source.connection);
    case "registry":
      return registryLayers(source.insecureRegistries);
    case "archive":
      return {
        layers: (image, request, signal) =>
          archives.use(source.path, signal, (archive) => archive.layers(image, request, signal)),
      };
    default:
      return source satisfies never;
  }
}

function registryLayers(insecureRegistries: readonly string[]): LayerReader & FileReader {
  const key = insecureRegistries.join(" ");
  const reader =
    registries.get(key) ??
    createRegistryLayers({ ...options, blobs, credentials, certificates, transport, insecureRegistries });
  registries.set(key, reader);
  return reader;
}

function answer(message: WorkerAnswer, moved: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, moved);
}

const reportEveryMs = 50; // Faster than anyone can see; each report is a message that the main thread must handle.

function reporter(id: number): (progress: Progress) => void {
  let last = 0;
  let label = "";
  return (progress) => {
    const now = Date.now();
    if (progress.label === label && now - last < reportEveryMs) return;
    last = now;
    label = progress.label;
    answer({ kind: "progress", id, progress });
  };
}
