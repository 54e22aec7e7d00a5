// A worker that runs out of memory: the request fails with the reason, while the process and the next request continue.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createLayerClient, type LayerClient } from "../../../oci/layers/client.ts";
import { legacySave } from "../../support/images/archiveFiles.ts";
import { memberBytes, tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-memory-test-"));
after(() => rmSync(folder, { recursive: true }));
const maxHeapMb = 64;

function client(workerPath: string | URL): LayerClient {
  const made = createLayerClient({ workerPath, maxHeapMb });
  after(() => made.dispose());
  return made;
}

function save(name: string, layer: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, gzipSync(tarOf(legacySave({ layers: [layer], tags: ["app:1"] })), { level: 1 }));
  return path;
}

async function read(reader: LayerClient, path: string): Promise<string> {
  const archive = await reader.openArchive(path, signal);
  if (!archive.ok) return archive.error.kind;
  const image = await archive.value.image("", {}, signal);
  assert.ok(image.ok);
  const layers = await archive.value.layers(image.value, {}, signal);
  if (!layers.ok) return layers.error.message;
  const [problem] = layers.value.problems?.values() ?? [];
  return problem ? `${problem.kind}: ${problem.message}` : `${layers.value.contents.size} layer`;
}

test("a layer that exceeds memory outside of V8's heap is refused, and the worker reads the next", async () => {
  const reader = client(new URL("../../../oci/layers/worker.ts", import.meta.url));
  // Different values, so that each is stored.
  const value = (index: number): Buffer =>
    Buffer.alloc(900_000, String.fromCharCode(97 + (index % 26)) + String(index));
  const members = Array.from({ length: 90 }, (_, index) =>
    memberBytes({ path: `f${index}`, pax: { "SCHILY.xattr.user.a": value(index) } }),
  );
  const path = save("xattrs.tar.gz", Buffer.concat([...members, Buffer.alloc(1024)]));
  assert.match(await read(reader, path), /^tooLarge: reading it takes more than [0-9.]+ MB of memory$/);
  assert.equal(await read(reader, save("next.tar.gz", tarOf({ a: "1" }))), "1 layer");
});

test("a worker with a full heap ends alone: its request fails with the reason, the next gets a new one", async () => {
  // Represents anything that outgrows the heap between two memory checks.
  const greedy = join(folder, "greedy.mjs");
  writeFileSync(
    greedy,
    `import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ kind }) => { const kept = []; while (kind === "open") kept.push(Array.from({ length: 1000 }, Math.random)); });`,
  );
  const reader = client(greedy);
  for (const path of ["first.tar", "second.tar"]) {
    const opened = await reader.openArchive(path, signal);
    assert.equal(
      opened.ok ? "" : `${opened.error.kind}: ${opened.error.message}`,
      `tooLarge: reading it takes more than ${maxHeapMb} MB of memory`,
    );
  }
});
