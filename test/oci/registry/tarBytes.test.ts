import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { except, imageAt, middleBlob, middleDigest, type BlobAnswerer } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();

/**
 * The size of the middle layer if the registry responds in this way for its blob; its neighbours' server doesn't
 * support ranges.
 */
async function middleOf(answer: BlobAnswerer): Promise<unknown> {
  const server = await serve(except(middleDigest, answer));
  const image = await imageAt(server);
  const sizes = await createRegistrySource().tarBytes(image, signal);
  assert.ok(sizes.ok, sizes.ok ? "" : sizes.error.message);
  assert.deepEqual([sizes.value[0], sizes.value[2]], [undefined, undefined]);
  return sizes.value[1];
}

function ranged(blob: Buffer): BlobAnswerer {
  return (response, { range = "" }) => {
    response.writeHead(206).end(range.startsWith("bytes=-") ? blob.subarray(-8) : blob.subarray(0, 18));
  };
}

test("a registry without range support reports no size and sends only a few bytes", async () =>
  assert.equal(await middleOf((response) => void response.writeHead(200).end(middleBlob)), undefined));

test("the last of several gzip members is not mistaken for the whole", async () => {
  const members = Buffer.concat([gzipSync(Buffer.alloc(50_000)), gzipSync(Buffer.from("end"))]);
  assert.equal(await middleOf(ranged(members)), undefined);
});

test("a short or refused range gives no size", async () => {
  assert.equal(await middleOf((response) => void response.writeHead(206).end("abc")), undefined);
  assert.equal(await middleOf((response) => void response.writeHead(416).end()), undefined);
});

test("the size at the end of a gzip file is used", async () => {
  const packed = gzipSync(Buffer.alloc(500_000));
  assert.equal(await middleOf(ranged(packed)), 500_000);
});
