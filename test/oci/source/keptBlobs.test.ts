import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { DiffId } from "../../../oci/core/digest.ts";
import { success } from "../../../oci/core/error.ts";
import { createKeptBlobs } from "../../../oci/source/keptBlobs.ts";
import {
  blobRequests,
  content,
  except,
  imageAt,
  middleBlob,
  middleDigest,
  reader,
  registry,
} from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();

async function bytesOf(chunks: AsyncIterable<Buffer> | undefined): Promise<string | undefined> {
  if (!chunks) return undefined;
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

function bodyOf(...texts: readonly string[]): AsyncIterable<Buffer> {
  return (async function* () {
    for (const text of texts) yield await Promise.resolve(Buffer.from(text));
  })();
}

suite("kept blobs", () => {
  test("a blob that was read to its end is kept, without a name on disk", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "kept-"));
    t.after(() => rm(folder, { recursive: true }));
    const blobs = createKeptBlobs({ folder });
    assert.equal(await bytesOf(blobs.keep("a", 6, bodyOf("abc", "def"))), "abcdef");
    assert.deepEqual([await bytesOf(blobs.read("a")), await bytesOf(blobs.read("a"))], ["abcdef", "abcdef"]);
    assert.deepEqual(await readdir(folder), []);
    blobs.drop("a");
    assert.equal(blobs.read("a"), undefined);
  });
  test("a blob of another length is not kept", async () => {
    const blobs = createKeptBlobs();
    await bytesOf(blobs.keep("a", 7, bodyOf("abc", "def")));
    assert.equal(blobs.read("a"), undefined);
  });
  test("a blob that is read in part is not kept", async () => {
    const blobs = createKeptBlobs();
    for await (const chunk of blobs.keep("a", 6, bodyOf("abc", "def"))) if (chunk.length > 0) break;
    assert.equal(blobs.read("a"), undefined);
  });
  test("the oldest blobs make room, and are still read to their end by those who have begun", async () => {
    const blobs = createKeptBlobs({ maxBytes: 8 });
    await bytesOf(blobs.keep("a", 6, bodyOf("abcdef")));
    const reading = blobs.read("a")?.[Symbol.asyncIterator]();
    const first = reading?.next();
    await bytesOf(blobs.keep("b", 6, bodyOf("ghijkl")));
    assert.equal((await first)?.value?.toString(), "abcdef");
    assert.equal((await reading?.next())?.done, true);
    assert.deepEqual([blobs.read("a"), await bytesOf(blobs.read("b"))], [undefined, "ghijkl"]);
  });
  test("a folder that can't be written keeps nothing and passes the bytes on", async () => {
    const blobs = createKeptBlobs({ folder: "/nowhere/at/all" });
    assert.equal(await bytesOf(blobs.keep("a", 3, bodyOf("abc"))), "abc");
    assert.equal(blobs.read("a"), undefined);
  });
});

suite("layers of a registry", () => {
  test("each layer is downloaded once for its list and for files that are asked for at the same time", async () => {
    const server = await serve(registry(content));
    const image = await imageAt(server);
    const layers = reader({ blobs: createKeptBlobs() });
    const file = (index: number, path: string) =>
      layers.file(image, { diffId: image.layers[index]?.diffId as DiffId, path, maxBytes: 10_000 }, signal);
    const [listed, ...files] = await Promise.all([layers.layers(image, {}, signal), file(0, "a"), file(1, "b")]);
    const again = await file(1, "b");
    assert.ok(listed.ok && again.ok && files.every(({ ok }) => ok));
    assert.equal(again.value.length, 5000);
    assert.equal(blobRequests(server).length, 3);
  });
  test("a blob that doesn't match its digest is not kept", async () => {
    let isBroken = true;
    const server = await serve(
      except(middleDigest, (response) => {
        response.writeHead(200).end(isBroken ? Buffer.alloc(middleBlob.length, "x") : middleBlob);
        isBroken = false;
      }),
    );
    const image = await imageAt(server);
    const layers = reader({ blobs: createKeptBlobs() });
    const read = () =>
      layers.files(image, { diffId: image.layers[1]?.diffId as DiffId, take: () => success(undefined) }, signal);
    assert.deepEqual([(await read()).ok, (await read()).ok], [false, true]);
  });
});
