import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathHistory } from "../../../oci/images/pathHistory.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { dockerArchive, type FixtureImage } from "../../rig/images/imageContent.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-browse-test-"));
after(() => rmSync(folder, { recursive: true }));
const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
after(() => client.dispose());

async function opened(image: FixtureImage) {
  const path = join(folder, `${Math.random()}.tar`);
  writeFileSync(path, await dockerArchive(image, "x:1"));
  const archive = await client.openArchive(path, signal);
  assert.ok(archive.ok);
  const found = await archive.value.image("", {}, signal);
  assert.ok(found.ok);
  return { where: { source: archive.value.layerSource, image: found.value }, archive: archive.value };
}

test("a folder lists its content, and links by their targets", async () => {
  const { where } = await opened({
    layers: [
      {
        "etc/motd": "hello",
        "usr/lib/": { directory: true },
        lib: { link: "usr/lib" },
        nowhere: { link: "gone" },
        twin: { hardLink: "etc/motd" },
      },
    ],
  });
  const root = await client.browse({ ...where, path: "" }, signal);
  assert.ok(root.ok);
  assert.deepEqual(
    root.value.children.map(({ name, kind, isSymlink }) => `${name} ${kind}${isSymlink ? " link" : ""}`),
    ["etc directory", "lib directory link", "nowhere symlink link", "twin file", "usr directory"],
  );
  const file = await client.browse({ ...where, path: "twin" }, signal);
  assert.deepEqual(file.ok && [file.value.kind, file.value.size], ["file", 5]);
  const gone = await client.browse({ ...where, path: "etc/x" }, signal);
  assert.equal(gone.ok ? "" : gone.error.kind, "notFound");
});

/** Describes each layer that changed the path. */
async function history(layers: FixtureImage["layers"], path: string): Promise<readonly string[]> {
  const { where, archive } = await opened({ layers });
  const found = await client.history({ ...where, path }, signal);
  assert.ok(found.ok);
  const read = await archive.layers(where.image, {}, signal);
  assert.ok(read.ok);
  const direct = pathHistory(
    where.image.layers.flatMap(({ diffId }) => read.value.contents.get(diffId) ?? []),
    path,
  );
  assert.deepEqual(found.value, direct);
  return found.value.map(({ layerIndex, change, attributes }) => `${layerIndex} ${change} ${attributes.join()}`.trim());
}

for (const [title, layers, expected] of [
  [
    "content and mode",
    [{ "a/f": "1" }, { b: "" }, { "a/f": "22" }, { "a/f": { content: "22", mode: 0o755 } }],
    ["0 added", "2 replaced content,size", "3 metadata mode"],
  ],
  ["an identical copy", [{ "a/f": "1" }, { "a/f": "1" }], ["0 added", "1 identical"]],
  [
    "a whiteout, and the file again",
    [{ "a/f": "1" }, { "a/.wh.f": "" }, { "a/f": "1" }],
    ["0 added", "1 removed", "2 added"],
  ],
  ["a whiteout of the folder", [{ "a/f": "1" }, { ".wh.a": "" }], ["0 added", "1 removed"]],
  ["an opaque folder", [{ "a/f": "1" }, { "a/.wh..wh..opq": "" }], ["0 added", "1 removed"]],
  [
    "an opaque folder that also has the file",
    [{ "a/f": "1" }, { "a/.wh..wh..opq": "", "a/f": "2" }],
    ["0 added", "1 replaced content"],
  ],
  ["a file that replaces the folder", [{ "a/f": "1" }, { a: "file" }], ["0 added", "1 removed"]],
  ["a whiteout of nothing", [{ b: "" }, { "a/.wh.f": "" }], []],
] as const)
  test(`the history of a path includes ${title}`, async () => {
    assert.deepEqual(await history(layers, "a/f"), expected);
  });
