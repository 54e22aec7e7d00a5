import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { blobBytes } from "../../../oci/core/bytes.ts";
import type { DiffId, LayerDigest } from "../../../oci/core/digest.ts";
import type { Image } from "../../../oci/core/image.ts";
import { createLayerCache } from "../../../oci/source/layerCache.ts";
import { sha256 } from "../../rig/images/imageContent.ts";
import type { Answerer } from "../../support/fakeHttpServer.ts";
import {
  blobRequests,
  changeMiddle,
  content,
  except,
  imageAt,
  middleBlob,
  middleDigest,
  problemOf,
  read,
  reader,
  registry,
} from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();

/** Sends data until the connection is closed. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue;
  if (!response.destroyed) response.once("drain", () => pour(response));
}

describe("invalid blobs", () => {
  const answering = (bytes: Buffer): Answerer =>
    except(middleDigest, (response) => void response.writeHead(200).end(bytes));

  test("a blob with other content of the same length is a mismatch", async () => {
    const other = Buffer.from(middleBlob);
    other.writeUInt8(other.readUInt8(20) ^ 1, 20);
    const error = await problemOf(answering(other));
    assert.equal(error.kind, "digestMismatch");
    assert.match(error.message, new RegExp(`sent content that doesn't match the digest of layer 1 .*${middleDigest}`));
  });
  test("a blob with the content of another layer is a mismatch", async () =>
    assert.equal(
      (await problemOf(answering(content.blobs.get(content.images[0]?.layers[0]?.digest ?? "") ?? Buffer.alloc(0))))
        .kind,
      "digestMismatch",
    ));
  test("an empty blob is a mismatch", async () =>
    assert.equal((await problemOf(answering(Buffer.alloc(0)))).kind, "digestMismatch"));
  test("a truncated blob is a mismatch", async () =>
    assert.equal((await problemOf(answering(middleBlob.subarray(0, -1)))).kind, "digestMismatch"));
  test("a blob longer than its manifest says is too large", async () =>
    assert.equal((await problemOf(answering(Buffer.concat([middleBlob, Buffer.alloc(1)])))).kind, "tooLarge"));
  test("a valid blob that is shorter than its manifest says is rejected", async () => {
    const error = await problemOf(registry(content), {
      change: changeMiddle({ blobBytes: blobBytes(middleBlob.length + 1) }),
    });
    assert.equal(error.kind, "badAnswer");
    assert.match(
      error.message,
      new RegExp(`has ${middleBlob.length} bytes, not the ${middleBlob.length + 1} in its manifest`),
    );
  });
  test("an endless blob is cut off", async () => {
    let closed: Promise<unknown> | undefined;
    const error = await problemOf(
      except(middleDigest, (response) => {
        closed = once(response, "close");
        pour(response.writeHead(200));
      }),
    );
    assert.equal(error.kind, "tooLarge");
    await closed;
  });
  test("a blob with the right digest but another DiffID is rejected", async () => {
    const wrong = `sha256:${"0".repeat(64)}` as DiffId;
    const error = await problemOf(registry(content), { change: changeMiddle({ diffId: wrong }) });
    assert.deepEqual(
      [error.kind, /has DiffID sha256:[0-9a-f]{64}, but the image config says sha256:0000/.test(error.message)],
      ["digestMismatch", true],
    );
  });
  test("an invalid blob that matches its digest is rejected", async () => {
    const garbage = Buffer.from("<html>".repeat(200));
    const digest = sha256(garbage) as LayerDigest;
    const error = await problemOf(
      (request, response, index) =>
        request.line.endsWith(digest) ? void response.end(garbage) : registry(content)(request, response, index),
      { change: changeMiddle({ digest, blobBytes: blobBytes(garbage.length) }) },
    );
    assert.equal(error.kind, "badArchive");
  });
  test("a blob changed after the end of its tar is rejected", async () => {
    const tailed = (tail: string): Buffer => Buffer.concat([middleBlob, Buffer.from(tail)]);
    const digest = sha256(tailed("\0good tail")) as LayerDigest;
    const change = changeMiddle({ digest, blobBytes: blobBytes(tailed("\0good tail").length) });
    const answer =
      (tail: string): Answerer =>
      (request, response, index) =>
        request.line.endsWith(digest) ? void response.end(tailed(tail)) : registry(content)(request, response, index);
    const { result } = await read(answer("\0good tail"), { change });
    assert.equal(result.ok && result.value.contents.size, 3);
    assert.equal((await problemOf(answer("\0evil tail"), { change })).kind, "digestMismatch");
  });
  test("a blob that breaks off is an error", async () => {
    const error = await problemOf(
      except(middleDigest, (response) => {
        response.writeHead(200, { "content-length": middleBlob.length }).write(middleBlob.subarray(0, 30));
        setTimeout(() => response.destroy(), 10);
      }),
    );
    assert.equal(error.kind, "registryUnreachable");
    assert.match(error.message, /^127\.0\.0\.1:\d+ closed the connection while sending 127/);
  });
  test("a blob that stalls is aborted", async () => {
    const error = await problemOf(
      except(middleDigest, (response) => void response.writeHead(200).write(middleBlob.subarray(0, 30))),
      { options: { idleMs: 50 } },
    );
    assert.equal(error.kind, "registryUnreachable");
    assert.match(error.message, / sent nothing of 127.* for 0\.05 s/);
  });
  test("a blob that arrives too slowly is aborted", async () => {
    const error = await problemOf(
      except(middleDigest, (response) => {
        response.writeHead(200);
        let at = 0;
        const timer = setInterval(() => response.write(middleBlob.subarray(at, ++at)), 40);
        response.once("close", () => clearInterval(timer));
      }),
      { options: { idleMs: 100 } },
    );
    assert.equal(error.kind, "registryUnreachable");
    assert.match(error.message, / sent less than 100 bytes a second of 127.* for 0\.1 s/);
  });
  test("a blob that doesn't begin to arrive is aborted", async () => {
    const error = await problemOf(
      except(middleDigest, (response) => response.writeHead(200).flushHeaders()),
      { options: { idleMs: 50 } },
    );
    assert.equal(error.kind, "registryUnreachable");
  });
  test("a missing blob with an error longer than the blob is reported as missing", async () => {
    const error = await problemOf(
      except(middleDigest, (response) => void response.writeHead(404).end("x".repeat(100_000))),
    );
    assert.equal(error.kind, "notFound");
  });
  for (const mediaType of [
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  ]) {
    test(`a blob that registries may not have is reported as such: ${mediaType}`, async () => {
      const error = await problemOf(
        except(middleDigest, (response) => void response.writeHead(404).end()),
        { change: changeMiddle({ mediaType }) },
      );
      assert.deepEqual(
        [error.kind, /^it is a foreign layer, which 127\.0\.0\.1:\d+ does not serve/.test(error.message)],
        ["unsupported", true],
      );
      const { result } = await read(registry(content), { change: changeMiddle({ mediaType }) });
      assert.equal(result.ok && result.value.contents.size, 3, "read where the registry has it");
    });
  }
  test("an encrypted blob is not requested", async () => {
    const server = await serve(registry(content));
    const image = changeMiddle({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip+encrypted" })(
      await imageAt(server),
    );
    const result = await reader().layers(image, {}, signal);
    assert.equal(result.ok && result.value.problems?.get(image.layers[1]?.diffId as DiffId)?.kind, "unsupported");
    assert.equal(blobRequests(server).length, 2);
  });
  test("a blob that the manifest doesn't list is an error", async () => {
    const change = (image: Image): Image => ({
      ...image,
      layers: image.layers.map(({ digest: _, blobBytes: __, ...layer }) => layer),
    });
    const { result } = await read(registry(content), { change });
    assert.deepEqual(result.ok && [...(result.value.problems?.values() ?? [])].map(({ kind }) => kind), [
      "badArchive",
      "badArchive",
      "badArchive",
    ]);
  });
  test("invalid blobs are not cached", async () => {
    const cache = createLayerCache();
    await problemOf(answering(Buffer.alloc(0)), { options: { cache } });
    assert.equal(await cache.get(content.images[0]?.diffIds[1] as DiffId), undefined);
  });
});
