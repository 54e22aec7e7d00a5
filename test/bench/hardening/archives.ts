import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { createLayerClient, type LayerClient } from "../../../oci/layers/client.ts";
import { legacySave, sha256 } from "../../support/images/archiveFiles.ts";
import { memberBytes, paxGlobal, tarOf } from "../../support/images/tarBytes.ts";
import { printFigure } from "../figures.ts";
import type { Build } from "./builds.ts";

const scale = Number(process.env["IMAGEWRIGHT_BENCH_COUNT"] ?? 1);
const { signal } = new AbortController();
const big = 1_040_000; // Just below the limit of an extended header.
const file = (index: number): Buffer => memberBytes({ path: `f${index}` });
const extension = (type: "x" | "g", key: string, value: string): Buffer =>
  memberBytes({ ...paxGlobal({ [key]: value }), type });

/** A layer of each kind, at the size that takes the most memory and time. */
const layers: Readonly<Record<string, (count: number) => readonly Buffer[]>> = {
  uname: (count) => [extension("g", "uname", "u".repeat(big)), ...times(count * 1000, file)],
  global: (count) => [...times(count, (index) => extension("g", `k${index}`, "\0".repeat(big))), file(0)],
  local: (count) => [...times(count, (index) => extension("x", `k${index}`, "\0".repeat(big))), file(0)],
  xattr: (count) =>
    times(count, (index) =>
      Buffer.concat([extension("x", `SCHILY.xattr.${index}${"n".repeat(big)}`, ""), file(index)]),
    ),
  "many owners": (count) =>
    times(count * 1000, (index) =>
      memberBytes({
        path: `f${index}`,
        pax: { uname: `${index}`.padEnd(250, "u"), gname: `${index}`.padEnd(250, "g") },
      }),
    ),
  "unused records": (count) =>
    times(count, (index) => Buffer.concat([extension("x", "comment", " ".repeat(big)), file(index)])),
};

/**
 * Measures the cost of small hostile archives in the layer worker: memory above idle, and the time until they are
 * rejected. IMAGEWRIGHT_BENCH_COUNT multiplies each maker's count.
 */
export async function measureArchives(build: Build): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
  const measured = async (kind: string, archive: Buffer): Promise<void> => measureArchive(build, folder, kind, archive);
  try {
    for (const [kind, make] of Object.entries(layers)) await measured(kind, layerArchive(make(300 * scale)));
    for (const step of ["{}", "[]", "[[]]"]) await measured(`history of ${step}`, historyArchive(step));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function times(count: number, make: (index: number) => Buffer): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function layerArchive(parts: readonly Buffer[]): Buffer {
  const layer = Buffer.concat([...parts, Buffer.alloc(1024)]);
  return docker(gzipSync(layer, { level: 1 }), sha256(layer), '[{"created_by":"x"}]');
}

function historyArchive(step: string): Buffer {
  const layer = tarOf({ a: "1" });
  const count = Math.floor((15 * 1024 * 1024) / (step.length + 1));
  return docker(layer, sha256(layer), `[${Array.from({ length: count }, () => step).join()}]`);
}

function docker(blob: Buffer, diffId: string, history: string): Buffer {
  const config = `{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:${diffId}"]},"history":${history}}`;
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: ["bomb:1"], Layers: ["l/layer.tar"] }];
  const files = { [`${sha256(config)}.json`]: config, "l/layer.tar": blob, "manifest.json": JSON.stringify(manifest) };
  return gzipSync(tarOf(files), { level: 1 });
}

/** Measures in a worker that has already read another archive, and therefore loaded its code and buffers. */
async function measureArchive(build: Build, folder: string, kind: string, archive: Buffer): Promise<void> {
  const path = join(folder, "bomb.tar.gz");
  writeFileSync(join(folder, "idle.tar"), tarOf(legacySave({ layers: [{ a: "1" }], tags: ["idle:1"] })));
  writeFileSync(path, archive);
  const client = createLayerClient({ workerPath: pathToFileURL(join(build.dist, "layerWorker.js")) });
  try {
    await read(client, join(folder, "idle.tar"));
    const idle = process.memoryUsage().rss;
    let most = idle;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const start = performance.now();
    const reason = await read(client, path);
    const ms = performance.now() - start;
    clearInterval(timer);
    printFigure(`${build.name}: ${kind}`, `${Math.round((most - idle) / 1e6)} MB`, `${ms.toFixed(0)} ms, ${reason}`);
  } finally {
    client.dispose();
  }
}

/** The reason why the archive or its layer can't be read. */
async function read(client: LayerClient, path: string): Promise<string> {
  const archive = await client.openArchive(path, signal);
  if (!archive.ok) return archive.error.message;
  const image = await archive.value.image("", {}, signal);
  if (!image.ok) return image.error.message;
  const layersOf = await archive.value.layers(image.value, {}, signal);
  if (!layersOf.ok) return layersOf.error.message;
  const [problem] = [...(layersOf.value.problems ?? new Map<string, { readonly message: string }>()).values()];
  return problem?.message ?? "read";
}
