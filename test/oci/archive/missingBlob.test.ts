import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openArchive } from "../../../oci/archive/archive.ts";
import { imageContent, layoutArchive } from "../../rig/images/imageContent.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-missing-blob-test-"));
after(() => rmSync(folder, { recursive: true }));

test("reading a file from a layer whose blob is missing names the blob", async () => {
  const content = await imageContent({ layers: [{ a: "1" }] }, { compression: "none" });
  const layer = content.images[0]?.layers[0]?.digest ?? "";
  const blobs = new Map([...content.blobs].filter(([digest]) => digest !== layer));
  const path = join(folder, "image.tar");
  writeFileSync(path, await layoutArchive({ ...content, blobs }));
  const archive = await openArchive(path, {}, signal);
  assert.ok(archive.ok);
  const image = await archive.value.image("", {}, signal);
  assert.ok(image.ok);
  const diffId = image.value.layers[0]?.diffId;
  assert.ok(diffId);
  const read = await archive.value.file(image.value, { diffId, path: "a", maxBytes: 10 }, signal);
  assert.match(read.ok ? "" : read.error.message, /its blob \S+ is not in the archive/);
  await archive.value.close();
});
