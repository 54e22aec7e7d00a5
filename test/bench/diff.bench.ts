// Measures how long a comparison takes, and how long at a time it blocks the calling thread (the extension host).
// IMAGEWRIGHT_BENCH_ENTRIES files are in only one of the images, which makes as many rows as possible.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { deserialize, serialize } from "node:v8";
import { compare, type CompareHooks, type Comparison } from "../../client/src/diff/compare.ts";
import type { ViewRow } from "../../media/protocol/messages.ts";
import { packRows, unpackRows } from "../../media/protocol/packedRows.ts";
import type { DiffRow } from "../../oci/core/diff.ts";
import { diff } from "../../oci/core/diff.ts";
import { stack } from "../../oci/core/stack.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { legacySave } from "../support/images/archiveFiles.ts";
import { memberBytes, tarOf } from "../support/images/tarBytes.ts";
import { measure, print } from "./figures.ts";

const entries = Number(process.env["IMAGEWRIGHT_BENCH_ENTRIES"] ?? 60_000);
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
const client = createLayerClient({ workerPath: new URL("../../dist/layerWorker.js", import.meta.url) });

try {
  console.log(`${entries} files are added`);
  const hooks = await openImages();
  const first = performance.now();
  await runCompare(hooks);
  print("reading and comparing", performance.now() - first, "the first time");
  let longest = 0;
  await measure("comparing what the cache has", 3, async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await runCompare(hooks);
    delay.disable();
    longest = Math.max(longest, delay.max / 1e6);
  });
  print("the asking thread stood still at most", longest, "of the event loop's delay");
  await measureParts();
  const shown = await compareOnce(hooks);
  await measureMessage(shown.pieces.flat().slice(0, 2000));
} finally {
  client.dispose();
  rmSync(folder, { recursive: true });
}

/** The cost of a comparison by parts, including running it in the calling thread. */
async function measureParts(): Promise<void> {
  const opened = await client.openArchive(join(folder, "full.tar"), signal);
  const image = opened.ok ? await opened.value.image("", {}, signal) : opened;
  const read = opened.ok && image.ok ? await opened.value.layers(image.value, {}, signal) : undefined;
  if (!read?.ok) throw new Error("the archive can't be read");
  const contents = [...read.value.contents.values()];
  let rows: readonly DiffRow[] = [];
  await measure("stack and diff", 3, () => void (rows = diff(stack([]).root, stack(contents).root)));
  const whole = serialize(rows);
  await measure(`taking all ${rows.length} rows over at once`, 3, () => void deserialize(whole));
  const piece = serialize(rows.slice(0, 2000));
  await measure("taking 2000 rows over", 20, () => void deserialize(piece));
}

/** The cost of a message of rows in all processes that it goes through, as objects and packed. */
async function measureMessage(rows: readonly ViewRow[]): Promise<void> {
  const packed = packRows(rows);
  console.log(`2000 rows: ${JSON.stringify(rows).length} bytes as objects, ${packed.length} packed`);
  await measure("sending 2000 rows as objects", 20, () => void sent(rows));
  await measure("sending 2000 rows packed", 20, () => void unpackRows(sent(packRows(rows))));
}

/** A message in the webview: VS Code looks for buffers in it, wraps it for the window, and clones it into two frames. */
function sent<Message>(message: Message): Message {
  const text = JSON.stringify(message, (_, value: unknown) => (ArrayBuffer.isView(value) ? {} : value));
  const [inWindow] = JSON.parse(JSON.stringify([text])) as [string];
  return structuredClone(structuredClone(JSON.parse(inWindow) as Message));
}

async function compareOnce(hooks: CompareHooks): Promise<Comparison> {
  const side = (sourceId: string) => ({ sourceId, image: "", name: sourceId });
  const compared = await compare({ before: side("empty"), after: side("full") }, hooks, signal);
  if (!compared.ok || compared.value.header.rowCount !== entries) throw new Error("not compared");
  return compared.value;
}

async function runCompare(hooks: CompareHooks): Promise<void> {
  const { pieces } = await compareOnce(hooks);
  // The panel posts a message for each piece.
  for (const rows of pieces) {
    packRows(rows);
    await new Promise(setImmediate);
  }
}

async function openImages(): Promise<CompareHooks> {
  writeFileSync(join(folder, "full.tar"), tarOf(legacySave({ layers: [layerTar()] })));
  writeFileSync(join(folder, "empty.tar"), tarOf(legacySave({ layers: [{}] })));
  const open = async (name: string) => {
    const opened = await client.openArchive(join(folder, `${name}.tar`), signal);
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  };
  const images = new Map([
    ["full", await open("full")],
    ["empty", await open("empty")],
  ]);
  return {
    source: (id) => Promise.resolve(images.get(id)),
    diff: client.diff,
    list: client.list,
    onProgress: () => undefined,
    onRead: () => undefined,
  };
}

/** Names like those of a distribution, with distinct content, which gives each file its own hash. */
function layerTar(): Buffer {
  const members = Array.from({ length: entries }, (_, index) => {
    const name = `usr/lib/package-${Math.floor(index / 40)}/module-${index % 40}/file-${index}.py`;
    const content = createHash("sha256").update(String(index)).digest();
    return [
      memberBytes({ path: name, size: content.length, mtime: 1_700_000_000 }),
      content,
      Buffer.alloc(512 - content.length),
    ];
  });
  return Buffer.concat([...members.flat(), Buffer.alloc(1024)]);
}
