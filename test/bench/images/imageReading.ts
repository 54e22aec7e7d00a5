// A process that reads a large image for layersOfImage.bench.ts and prints the cost: BUILD KIND ARCHIVE CACHE [PORT].
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import type { Image } from "../../../oci/core/image.ts";
import type * as Client from "../../../oci/layers/client.ts";
import type { WorkerLayers } from "../../../oci/layers/client.ts";

const [build = "", kind, archivePath = "", cacheFolder = "", port = "0"] = process.argv.slice(2);
// The same module from another build.
const { createLayerClient } = (await import(pathToFileURL(join(build, "oci/layers/client.ts")).href)) as typeof Client;
const { signal } = new AbortController();
const client = createLayerClient({ workerPath: join(build, "dist/layerWorker.js"), cacheFolder });
const delay = monitorEventLoopDelay({ resolution: 1 });

const start = performance.now();
const opened = await client.openArchive(archivePath, signal);
const found = opened.ok ? await opened.value.image("", {}, signal) : opened;
if (!opened.ok || !found.ok) throw new Error("the archive can't be opened");
const image: Image = found.value;
const openMs = performance.now() - start;
const reader: WorkerLayers =
  kind === "archive"
    ? opened.value
    : client.layersOf({ endpoint: "bench", protocol: "http", host: "127.0.0.1", port: Number(port) });
const diffIds = image.layers.map(({ diffId }) => diffId);
delay.enable();
// From an engine, one layer is requested, as a window does, which reads all of them.
const layersMs = await timed(() => layers(kind === "archive" ? diffIds : diffIds.slice(-1)));
const secondMs = await timed(() => layers(diffIds.slice(0, 1)));
const layersRssMb = process.resourceUsage().maxRSS / 1024;
const diffMs = await timed(async () => {
  const source = reader.layerSource;
  const sides = { before: { source, image, layerCount: image.layers.length - 1 }, after: { source, image } };
  const compared = await client.diff(sides, { onRows: () => undefined }, signal);
  if (!compared.ok) throw new Error(compared.error.kind);
});
delay.disable();
const maxRssMb = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ openMs, layersMs, secondMs, diffMs, layersRssMb, maxRssMb, delayP99Ms: delay.percentile(99) / 1e6 }),
);
await client.finish();

async function layers(wanted: typeof diffIds): Promise<void> {
  const read = await reader.layers(image, { wanted }, signal);
  if (!read.ok || read.value.contents.size !== wanted.length) throw new Error("a layer is missing");
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
