// Measures opening the layers of an engine's image one after the other: the engine exports the image on each request.
// IMAGEWRIGHT_BENCH_MB and IMAGEWRIGHT_BENCH_ENTRIES set its size. All data is generated, nothing is downloaded.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineConnection } from "../../oci/engine/endpoint/connection.ts";
import type { Image } from "../../oci/core/image.ts";
import { createLayerClient, type LayerClient } from "../../oci/layers/client.ts";
import { hybridSave } from "../support/images/archiveFiles.ts";
import { tarOf, type TarTree } from "../support/images/tarBytes.ts";
import { print, printFigure } from "./figures.ts";

const megabytes = Number(process.env["IMAGEWRIGHT_BENCH_MB"] ?? 200);
const entries = Number(process.env["IMAGEWRIGHT_BENCH_ENTRIES"] ?? 10_000);
const layerCount = 8;
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
const cacheFolder = join(folder, "cache");
const archive = join(folder, "image.tar");
const workerPath = new URL("../../oci/layers/worker.ts", import.meta.url);
let saves = 0;
const server = createServer((request, response) => {
  if (request.url === "/_ping") return void response.writeHead(200, { "Api-Version": "1.48" }).end("OK");
  saves++;
  createReadStream(archive).pipe(response);
});

try {
  writeFileSync(archive, tarOf(hybridSave({ layers: layers(), tags: ["bench:1"] })));
  console.log(
    `an image of ${Math.round(statSync(archive).size / 1e6)} MB in ${layerCount} layers and ${entries} entries`,
  );
  const connection = await listen();
  const client = createLayerClient({ workerPath, cacheFolder });
  const image = await describe(client);
  await open(client, connection, { image, count: 3, label: "first layer opened (the third)" });
  await open(client, connection, { image, count: 4, label: "second layer opened, at once" });
  await open(client, connection, { image, count: layerCount, label: "top layer opened, at once after that" });
  await open(client, connection, { image, count: 5, label: "another layer" });
  client.dispose();
  printFigure("exports of the image", String(saves), "by the engine");
  inNewProcess(connection, image);
} finally {
  server.close();
  rmSync(folder, { recursive: true });
}

interface Opened {
  readonly image: Image;
  readonly count: number;
  readonly label: string;
}

/** Opens a layer as the window does: its changes can be determined only with the layers below. */
async function open(client: LayerClient, connection: EngineConnection, opened: Opened): Promise<void> {
  const { image, count, label } = opened;
  const source = client.layersOf(connection).layerSource;
  const startMs = performance.now();
  const sides = { before: { source, image, layerCount: count - 1 }, after: { source, image, layerCount: count } };
  const compared = await client.diff(sides, { onRows: () => undefined }, signal);
  if (!compared.ok) throw new Error(compared.error.message);
  print(label, performance.now() - startMs, `${compared.value.rowCount} rows`);
}

function inNewProcess(connection: EngineConnection, image: Image): void {
  const data = join(folder, "asked.json");
  writeFileSync(data, JSON.stringify({ connection, image }));
  const program = `
    import { readFileSync } from "node:fs";
    import { createLayerClient } from ${JSON.stringify(new URL("../../oci/layers/client.ts", import.meta.url).href)};
    const { connection, image } = JSON.parse(readFileSync(${JSON.stringify(data)}, "utf8"));
    const client = createLayerClient({ workerPath: new URL(${JSON.stringify(workerPath.href)}), cacheFolder: ${JSON.stringify(cacheFolder)} });
    const startMs = performance.now();
    const source = client.layersOf(connection).layerSource;
    const compared = await client.diff({ before: { source, image, layerCount: 6 }, after: { source, image, layerCount: 7 } }, { onRows: () => undefined }, new AbortController().signal);
    console.log(compared.ok ? performance.now() - startMs : compared.error.message);
    client.dispose();`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", program], {
    encoding: "utf8",
    timeout: 120_000,
  });
  print("warm open in a new process", Number(stdout), "the worker's start with it, from source");
}

async function describe(client: LayerClient): Promise<Image> {
  const opened = await client.openArchive(archive, signal);
  const image = opened.ok ? await opened.value.image("", {}, signal) : opened;
  if (!image.ok) throw new Error(image.error.message);
  const { manifestDigest: _, ...rest } = image.value;
  return rest;
}

async function listen(): Promise<EngineConnection> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return { endpoint: "tcp://127.0.0.1", protocol: "http", host: "127.0.0.1", port: address.port };
}

function layers(): readonly TarTree[] {
  const bytes = Math.floor((megabytes * 1e6) / entries);
  const seed = createHash("sha512").update("layer").digest("hex");
  const content = seed.repeat(Math.ceil(bytes / seed.length)).slice(0, bytes);
  return Array.from({ length: layerCount }, (_, layer) =>
    Object.fromEntries(
      Array.from({ length: Math.floor(entries / layerCount) }, (__, index) => [
        `usr/lib/package-${Math.floor(index / 40)}/layer-${layer}/file-${index}.py`,
        content,
      ]),
    ),
  );
}
