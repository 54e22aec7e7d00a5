// A process that reads a large image for layersOfImage.bench.ts and prints the cost: CLIENT WORKER KIND ARCHIVE CACHE
// [PORT]. "warm" opens one layer as the first thing, with the image's description that an earlier process left in the
// cache folder; "bare" only starts the worker.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { EngineConnection } from "../../../oci/engine/endpoint/connection.ts";
import type * as Client from "../../../oci/layers/client.ts";
import type { WorkerLayers } from "../../../oci/layers/client.ts";

const [clientPath = "", workerPath = "", kind, archivePath = "", cacheFolder = "", port = "0"] = process.argv.slice(2);
// The client of any build, bundled.
const { createLayerClient } = (await import(pathToFileURL(clientPath).href)) as typeof Client;
const { signal } = new AbortController();
const client = createLayerClient({ workerPath, cacheFolder });
const delay = monitorEventLoopDelay({ resolution: 1 });

const description = join(cacheFolder, "described.json");
const connection: EngineConnection = { endpoint: "bench", protocol: "http", host: "127.0.0.1", port: Number(port) };
const measure = { warm: openLayer, bare: startWorker }[kind ?? ""] ?? readAll;
console.log(JSON.stringify(await measure()));
await client.finish();

/** Milliseconds of what a window does first: it starts the worker and compares a layer with those below. */
async function openLayer() {
  const image = JSON.parse(readFileSync(description, "utf8")) as Image;
  const start = performance.now();
  await compareTop(image, client.layersOf(connection));
  return { diffMs: performance.now() - start, diffCpuMs: cpuMs() };
}

/** Has the worker answer without reading anything. */
async function startWorker() {
  await client.openArchive(join(cacheFolder, "missing.tar"), signal);
  return { maxRssMb: process.resourceUsage().maxRSS / 1024 };
}

async function readAll() {
  const start = performance.now();
  const opened = await client.openArchive(archivePath, signal);
  const found = opened.ok ? await opened.value.image("", {}, signal) : opened;
  if (!opened.ok || !found.ok) throw new Error("the archive can't be opened");
  const image = found.value;
  const openMs = performance.now() - start;
  const reader: WorkerLayers = kind === "archive" ? opened.value : client.layersOf(connection);
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const layers = (wanted: typeof diffIds) => (): Promise<void> => readLayers(reader, image, wanted);
  delay.enable();
  // From an engine, one layer is requested, as a window does, which reads all of them.
  const layersMs = await timed(layers(kind === "archive" ? diffIds : diffIds.slice(-1)));
  const secondMs = await timed(layers(diffIds.slice(0, 1)));
  const layersRssMb = process.resourceUsage().maxRSS / 1024;
  const cpuBefore = cpuMs();
  const diffMs = await timed(() => compareTop(image, reader));
  const diffCpuMs = cpuMs() - cpuBefore;
  delay.disable();
  const maxRssMb = process.resourceUsage().maxRSS / 1024;
  writeFileSync(description, JSON.stringify(image));
  const delayP99Ms = delay.percentile(99) / 1e6;
  return { openMs, layersMs, secondMs, diffMs, diffCpuMs, layersRssMb, maxRssMb, delayP99Ms };
}

/** The processor time of this process so far, with its worker's. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function compareTop(image: Image, { layerSource: source }: WorkerLayers): Promise<void> {
  const sides = { before: { source, image, layerCount: image.layers.length - 1 }, after: { source, image } };
  const compared = await client.diff(sides, { onRows: () => undefined }, signal);
  if (!compared.ok) throw new Error(compared.error.kind);
}

async function readLayers(reader: WorkerLayers, image: Image, wanted: readonly DiffId[]): Promise<void> {
  const read = await reader.layers(image, { wanted }, signal);
  if (!read.ok || read.value.contents.size !== wanted.length) throw new Error("a layer is missing");
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
