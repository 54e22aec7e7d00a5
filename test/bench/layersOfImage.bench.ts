// Measures reading the layers of a large image from an archive and an engine against the limits aimed for: time,
// memory, and how long the requesting thread is blocked. For comparison: another build (IMAGEWRIGHT_BENCH_OLD, a
// checkout with dist/), the lower bounds of any reader (receiving the bytes, listing them with tar), and dive if it is
// installed. IMAGEWRIGHT_BENCH_MB and IMAGEWRIGHT_BENCH_ENTRIES set the size. The archives are created once and kept in
// the temporary folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { projectFolder } from "../rig/machine/project.ts";
import { print, printFigure } from "./figures.ts";
import { largeArchive } from "./images/largeArchive.ts";

const megabytes = Number(process.env["IMAGEWRIGHT_BENCH_MB"] ?? 1160);
const entries = Number(process.env["IMAGEWRIGHT_BENCH_ENTRIES"] ?? 57_000);
const bytesPerMs = 145_000; // An engine's export: 1.16 GB took 8 to 13 s on the machine of the first figures.
const old = process.env["IMAGEWRIGHT_BENCH_OLD"];

/** The measurements that a reading process prints; see imageReading.ts. */
interface Reading {
  readonly openMs: number;
  readonly layersMs: number;
  readonly secondMs: number;
  readonly diffMs: number;
  /** The processor time of `diffMs`, which depends less on what else the machine does. */
  readonly diffCpuMs: number;
  /** After the layers were read, and at the end. */
  readonly layersRssMb: number;
  readonly maxRssMb: number;
  readonly delayP99Ms: number;
}

interface Asked {
  readonly build: string;
  readonly kind: "archive" | "engine" | "warm" | "bare";
  readonly archive: string;
  readonly cacheFolder: string;
}

const bundles = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
const archive = largeArchive({ megabytes, entries, layers: 10 });
console.log(`${megabytes} MB in ${entries} files of 10 layers`);
const server = createServer((request, response) => {
  if (request.url === "/_ping") response.writeHead(200, { "Api-Version": "1.41" }).end("OK");
  else void send(response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const curlMs = await limit("limit: curl …/get > /dev/null", `curl -sS http://127.0.0.1:${port}/images/x/get`);
const listing = "for n in 0 1 2 3 4 5 6 7 8 9; do";
await limit("limit: tar -tf of each layer", `${listing} tar -xOf '${archive}' $n/layer.tar | tar -tf -; done`);
const diveMs = await limit("peer: dive, archive", `CI=true dive --ci --source docker-archive '${archive}'`);
await measureBuild("this build", projectFolder);
if (old !== undefined) await measureBuild("old build", old);
await measureCompressed();
await measureMillion();
server.close();
rmSync(bundles, { recursive: true });

async function measureBuild(name: string, folder: string): Promise<void> {
  const bare = await read({ build: folder, kind: "bare", archive, cacheFolder: tmpdir() });
  printFigure(`${name}: a process with an idle worker`, `${bare.maxRssMb.toFixed(0)} MB`, "part of all memory below");
  for (const kind of ["archive", "engine"] as const) {
    const cacheFolder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
    const asked = { build: folder, kind, archive, cacheFolder };
    const cold = await read(asked);
    report(`${name}, ${kind}, cold`, cold);
    if (kind === "archive") reportArchive(cold);
    else goal("layers, against curl", cold.layersMs / (curlMs ?? NaN), { limit: 1.1, unit: "×" });
    report(`${name}, ${kind}, cached`, await read(asked));
    const warm = await read({ ...asked, kind: "warm" });
    goal("a layer in a new process, from the cache", warm.diffMs, { limit: 120, unit: "ms", cpuMs: warm.diffCpuMs });
    rmSync(cacheFolder, { recursive: true });
  }
}

function reportArchive({ openMs, layersMs }: Reading): void {
  goal("list of files with all hashes, archive", openMs + layersMs, { limit: 300, unit: "ms" });
  if (diveMs !== undefined)
    goal("list with all hashes, against dive", (openMs + layersMs) / diveMs, { limit: 1.3, unit: "×" });
}

/** An archive that is compressed as a whole. */
async function measureCompressed(): Promise<void> {
  const packed = `${archive}.zst`;
  if (!existsSync(packed)) {
    const made = await limit("packing the archive", `zstd -q -f -1 '${archive}' -o '${packed}.draft'`);
    if (made === undefined) return;
    renameSync(`${packed}.draft`, packed);
  }
  const peer = await limit("limit: zstd -dc archive | tar -t", `zstd -dc '${packed}' | tar -t`);
  const cacheFolder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
  const reading = await read({ build: projectFolder, kind: "archive", archive: packed, cacheFolder });
  report("this build, zstd archive, cold", reading);
  goal("zstd, against zstd | tar", (reading.openMs + reading.layersMs) / (peer ?? NaN), { limit: 1.2, unit: "×" });
  rmSync(cacheFolder, { recursive: true });
}

async function measureMillion(): Promise<void> {
  const cacheFolder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
  const many = largeArchive({ megabytes: 100, entries: 1_000_000, layers: 1 });
  const { layersRssMb } = await read({ build: projectFolder, kind: "archive", archive: many, cacheFolder });
  console.log("-- this build, 1,000,000 files in one layer");
  goal("memory with all of them read", layersRssMb, { limit: 300, unit: "MB" });
  rmSync(cacheFolder, { recursive: true });
}

/** Sends the archive at an engine's speed. */
async function send(response: ServerResponse): Promise<void> {
  const started = performance.now();
  let sent = 0;
  for await (const chunk of createReadStream(archive, { highWaterMark: 1024 * 1024 })) {
    if (!response.write(chunk)) await once(response, "drain");
    sent += (chunk as Buffer).length;
    const early = sent / bytesPerMs - (performance.now() - started);
    if (early > 1) await wait(early);
  }
  response.end();
}

/** Runs a command whose paths are this file's own, and prints its milliseconds; undefined if it isn't installed. */
async function limit(name: string, line: string): Promise<number | undefined> {
  const started = performance.now();
  const child = spawn("sh", ["-c", `set -e; ${line}`], { stdio: ["ignore", "ignore", "ignore"] });
  const [code] = (await once(child, "exit")) as [number | null];
  const ms = performance.now() - started;
  if (code === 0) print(name, ms, "");
  else printFigure(name, "–", code === 127 ? "not installed" : `failed with exit code ${code}`);
  return code === 0 ? ms : undefined;
}

async function read({ build: folder, kind, archive: path, cacheFolder }: Asked): Promise<Reading> {
  const script = await bundled(join(import.meta.dirname, "images/imageReading.ts"), "reading");
  const client = await bundled(join(folder, "oci/layers/client.ts"), "client");
  const given = [client, join(folder, "dist/layerWorker.js"), kind, path, cacheFolder, String(port)];
  const child = spawn(process.execPath, [script, ...given], { stdio: ["ignore", "pipe", "inherit"] });
  // Printed by imageReading.ts.
  const reading = JSON.parse(await text(child.stdout)) as Reading;
  if (child.exitCode === null) await once(child, "exit");
  return reading;
}

/** Bundles a module as users get it: Node takes some 45 MB to strip the types itself. */
async function bundled(source: string, name: string): Promise<string> {
  const outfile = join(bundles, `${name}.mjs`);
  await build({ entryPoints: [source], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  return outfile;
}

function report(name: string, reading: Reading): void {
  const { openMs, layersMs, secondMs, diffMs, diffCpuMs: cpuMs, maxRssMb, delayP99Ms } = reading;
  console.log(`-- ${name}`);
  print("open the archive", openMs, "of the large image");
  print("layers", layersMs, name.includes("engine") ? "the topmost, which reads all" : "all of them");
  goal("another layer of the same image", secondMs, { limit: 150, unit: "ms" });
  goal("stack both sides and compare", diffMs, { limit: 250, unit: "ms", cpuMs });
  goal("memory at its highest", maxRssMb, { limit: 120, unit: "MB" });
  goal("main thread's delay, 99th percentile", delayP99Ms, { limit: 20, unit: "ms" });
}

interface Goal {
  readonly limit: number;
  readonly unit: "ms" | "MB" | "×";
  readonly cpuMs?: number;
}

/** Prints a figure with the limit aimed for. */
function goal(label: string, figure: number, { limit: most, unit, cpuMs }: Goal): void {
  const shown = unit === "×" ? figure.toFixed(2) : figure < 10 ? figure.toFixed(1) : figure.toFixed(0);
  const verdict = `at most ${most} ${unit}: ${figure <= most ? "met" : "MISSED"}`;
  printFigure(
    label,
    `${shown} ${unit}`,
    cpuMs === undefined ? verdict : `${verdict}; ${cpuMs.toFixed(0)} ms of processor time`,
  );
}
