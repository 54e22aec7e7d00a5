import assert from "node:assert/strict";
import { test } from "node:test";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { decompress } from "../../../oci/tar/decompress.ts";
import { tarOf } from "../../support/images/tarBytes.ts";
import { chunked, print, problem, read } from "./readBytes.ts";

test("gzip and zstd are recognised by their first bytes", async () => {
  const bytes = tarOf({ a: "x".repeat(5000) });
  const skippable = Buffer.from([0x51, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
  const half = bytes.length / 2;
  const members = Buffer.concat([zlib.gzipSync(bytes.subarray(0, half)), zlib.gzipSync(bytes.subarray(half))]);
  const frames = Buffer.concat([
    skippable,
    zlib.zstdCompressSync(bytes.subarray(0, half)),
    skippable,
    zlib.zstdCompressSync(bytes.subarray(half)),
    skippable,
  ]);
  for (const packed of [zlib.gzipSync(bytes), members, zlib.zstdCompressSync(bytes), frames]) {
    for (const chunkBytes of [3, 100_000]) assert.equal(print(await read(packed, {}, chunkBytes)), "a file 5000");
  }
});

test("zstd frames of every kind are decompressed in sequence", async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.integer({ min: 1, max: 300_000 }).map((length) => new Uint8Array(length).fill(7)),
  );
  const frame = fc.record({
    content,
    level: fc.constantFrom(1, 19),
    checksum: fc.constantFrom(0, 1),
    contentSize: fc.constantFrom(0, 1),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 5000 }),
      async (frames, chunkBytes) => {
        const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants;
        const packed = frames.map(({ content, level, checksum, contentSize }) =>
          zlib.zstdCompressSync(content, {
            params: {
              [ZSTD_c_compressionLevel]: level,
              [ZSTD_c_checksumFlag]: checksum,
              [ZSTD_c_contentSizeFlag]: contentSize,
            },
          }),
        );
        const unpacked = await decompress("data", chunked(Buffer.concat(packed), chunkBytes));
        assert.ok(unpacked.ok);
        const chunks: Buffer[] = [];
        for await (const chunk of unpacked.value) chunks.push(chunk);
        assert.ok(Buffer.concat(chunks).equals(Buffer.concat(frames.map(({ content }) => content))));
      },
    ),
    { numRuns: 50 },
  );
});

test("other compressions are reported as unsupported, corrupt data as corrupt", async () => {
  const xz = await problem(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]));
  assert.equal(xz.kind, "unsupported");
  assert.match(xz.message, /xz compression is not supported/);
  const packed = zlib.gzipSync(
    tarOf({ a: Buffer.from(Array.from({ length: 9000 }, (_, index) => (index * index) % 251)) }),
  );
  assert.match((await problem(packed.subarray(0, packed.length / 2))).message, /corrupt or truncated/);
  const frame = zlib.zstdCompressSync(tarOf({ a: "x" }));
  assert.match(
    (await problem(frame.subarray(0, frame.length - 2))).message,
    /corrupt or truncated: the data ends in the middle of a frame/,
  );
  assert.match(
    (await problem(Buffer.concat([frame, Buffer.from("more")]))).message,
    /the data after a frame is not a frame/,
  );
  packed.fill(0x55, 100, 140);
  assert.equal((await problem(packed)).kind, "badArchive");
});
