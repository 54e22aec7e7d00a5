import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readLayerFile } from "../../../oci/tar/layerFile.ts";
import type { Result } from "../../../oci/core/error.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const tar = tarOf({ "./etc/a": "one", "etc/b": "x".repeat(100_000) });

async function read(bytes: Buffer, path: string, maxBytes = 1_000_000, until = signal): Promise<Result<Buffer>> {
  // Chunks whose boundaries don't match those of headers and files.
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
  };
  return readLayerFile(pieces(), { what: "the layer", path, maxBytes }, until);
}

describe("reading one file of a layer", () => {
  test("a file is read from plain and compressed layers, whatever its path begins with", async () => {
    for (const bytes of [tar, gzipSync(tar)]) {
      const [small, large] = [await read(bytes, "etc/a"), await read(bytes, "etc/b")];
      assert.deepEqual([small.ok && small.value.toString(), large.ok && large.value.length], ["one", 100_000]);
    }
  });
  test("of two entries at the path, the last is read, as for whole layers", async () => {
    const twice = Buffer.concat([tarOf({ a: "old" }).subarray(0, 1024), tarOf({ a: "new" })]);
    const found = await read(twice, "a");
    assert.equal(found.ok && found.value.toString(), "new");
  });
  test("a file that is too large, missing or truncated is an error", async () => {
    const kind = async (result: Promise<Result<Buffer>>): Promise<string> => {
      const settled = await result;
      return settled.ok ? "read" : settled.error.kind;
    };
    assert.equal(await kind(read(tar, "etc/b", 99_999)), "tooLarge");
    assert.equal(await kind(read(tar, "etc/c")), "notFound");
    assert.equal(await kind(read(tar.subarray(0, 3000), "etc/b")), "badArchive");
  });
  test("reading one file can be cancelled", async () => {
    await assert.rejects(read(tar, "etc/a", 10, AbortSignal.abort()), { name: "AbortError" });
  });
});
