// Measures reading the layers of a large image from an archive and an engine: time, memory, and how long the requesting
// thread is blocked. For comparison: another build (IMAGEWRIGHT_BENCH_OLD, a checkout with dist/), and the lower bounds
// of any reader: receiving the bytes (curl), listing them (tar -tf). IMAGEWRIGHT_BENCH_MB and IMAGEWRIGHT_BENCH_ENTRIES
// set the size. The archive is created once and kept in the temporary folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { projectFolder } from "../rig/machine/project.ts";
import { print, printFigure } from "./figures.ts";
import { largeArchive } from "./images/largeArchive.ts";

const megabytes = Number(process.env["IMAGEWRIGHT_BENCH_MB"] ?? 1160);
const entries = Number(process.env["IMAGEWRIGHT_BENCH_ENTRIES"] ?? 57_000);
const bytesPerMs = 145_000; // An engine's export: 1.16 GB took 8 to 13 s on the machine of the first figures.
const old = process.env["IMAGEWRIGHT_BENCH_OLD"];
const builds = [
  { name: "this build", folder: projectFolder },
  ...(old === undefined ? [] : [{ name: "old build", folder: old }]),
];

/** The measurements that a reading process prints. */
interface Reading {
  readonly openMs: number;
  readonly layersMs: number;
  readonly secondMs: number;
  readonly diffMs: number;
  /** After the layers were read, and at the end. */
  readonly layersRssMb: number;
  readonly maxRssMb: number;
  readonly delayP99Ms: number;
}

const archive = largeArchive({ megabytes, entries, layers: 10 });
console.log(`${megabytes} MB in ${entries} files of 10 layers`);
const server = createServer((request, response) => {
  if (request.url === "/_ping") response.writeHead(200, { "Api-Version": "1.41" }).end("OK");
  else void send(response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
await limit("cat archive > /dev/null", "cat", [archive]);
await limit("curl …/get > /dev/null", "curl", ["-sS", `http://127.0.0.1:${port}/images/x/get`]);
for (const { name, folder } of builds) {
  for (const kind of ["archive", "engine"]) {
    const cacheFolder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
    for (const state of ["cold", "cached"]) {
      const started = performance.now();
      const reading = await read(folder, kind, cacheFolder);
      report(`${name}, ${kind}, ${state}`, reading, performance.now() - started);
    }
    rmSync(cacheFolder, { recursive: true });
  }
}
server.close();

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

async function limit(name: string, program: string, args: readonly string[]): Promise<void> {
  const started = performance.now();
  await once(spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] }), "exit");
  print(`limit: ${name}`, performance.now() - started, "");
}

async function read(build: string, kind: string, cacheFolder: string): Promise<Reading> {
  const script = join(import.meta.dirname, "images/imageReading.ts");
  const child = spawn(process.execPath, [script, build, kind, archive, cacheFolder, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Printed by imageReading.ts.
  const reading = JSON.parse(await text(child.stdout)) as Reading;
  if (child.exitCode === null) await once(child, "exit");
  return reading;
}

function report(name: string, reading: Reading, wallMs: number): void {
  const { openMs, layersMs, secondMs, diffMs, layersRssMb, maxRssMb, delayP99Ms } = reading;
  console.log(`-- ${name}`);
  print("open the archive", openMs, "of the large image");
  print("layers", layersMs, name.includes("engine") ? "the topmost, which reads all" : "all of them");
  print("another layer", secondMs, "of the same image");
  print("compare", diffMs, "the image without its topmost layer with the image, rows taken over");
  const note = "of the process with its worker, at its highest";
  printFigure("memory", `${Math.round(layersRssMb)}, ${Math.round(maxRssMb)} MB`, `${note}: layers read, compared`);
  print("main thread", delayP99Ms, "99th percentile of the event loop's delay");
  print("the whole process", wallMs, "with its start and its end");
}
