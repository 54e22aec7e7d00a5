import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { compare, type CompareHooks } from "../../../client/src/diff/compare.ts";
import { layerChange } from "../../../client/src/diff/side.ts";
import { contentBytes } from "../../../oci/core/bytes.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import { contentOf } from "../../../oci/core/columns/contentBuilder.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";
import { failure, success } from "../../../oci/core/error.ts";
import { walkTree } from "../../../oci/core/layerTree.ts";
import { createFileSystems } from "../../../oci/layers/fileSystem.ts";
import { diffLayers } from "../../../oci/layers/diff.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { LayerReader } from "../../../oci/source/source.ts";
import { never } from "../images/fakeTree.ts";
import { image, layer, step } from "../../support/images/literalImages.ts";

const side = { sourceId: "engine", image: "sha256:1", name: "app:1" };

const file = (path: string, size: number, more: Partial<LayerEntry> = {}): LayerEntry => ({
  path,
  kind: "file",
  size: contentBytes(size),
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeMs: 0,
  sha256: createHash("sha256").update(`${path} ${size}`).digest("hex"),
  ...more,
});
const content = (entries: readonly LayerEntry[], whiteouts: readonly string[] = []): LayerContent =>
  contentOf({ entries, whiteouts });

const layers = [
  content([file("etc/a", 5), file("etc/b", 7)]),
  content([file("etc/a", 6), file("new", 9, { userName: "app", uid: 1000, gid: 1000 })], ["etc/b"]),
  content([file("later", 1)]),
];

describe("comparing layers and images", () => {
  test("comparing a layer with its parent shows its changes and reads only its layers", async () => {
    const { hooks, wanted, progress, read } = source();
    const result = await compare(layerChange(side, 1), hooks, never);
    assert.ok(result.ok);
    const { title, subtitle, before, after, summary } = result.value.header;
    const rows = result.value.pieces.flat();
    assert.deepEqual(
      [title, subtitle, before, after],
      ["What layer 2 of app:1 changed", "RUN make", "app:1, its base layer of 3", "app:1, layers 1 to 2 of 3"],
    );
    assert.deepEqual(
      rows.map(({ path, change, deltaBytes }) => [path, change, deltaBytes]),
      [
        ["etc/a", "content", 1],
        ["etc/b", "removed", -7],
        ["new", "added", 9],
      ],
    );
    assert.equal(rows[2]?.after?.owner, "1000:1000 (app:1000)");
    assert.equal(summary.deltaBytes, 3);
    // It ships both files whole, although the file system only grew by 3 bytes.
    assert.deepEqual(result.value.header.adds, { content: 15 });
    assert.deepEqual(wanted, [[layer(0).diffId, layer(1).diffId]]);
    assert.deepEqual(progress, [
      "Looking at app:1… undefined",
      "Reading: 500 B of 1.00 kB 0.5",
      "Comparing… undefined",
    ]);
    assert.deepEqual(
      read.at(-1)?.layers.map((each) => each.contentBytes !== undefined),
      [true, true, true],
    );
  });

  test("the whole file system of a layer also has rows for unchanged entries", async () => {
    const result = await compare({ ...layerChange(side, 2), isWhole: true }, source().hooks, never);
    assert.ok(result.ok);
    assert.deepEqual(
      result.value.pieces.flat().map(({ path, change, after, before }) => [path, change, after?.size, before?.size]),
      [
        ["later", "added", 1, undefined],
        ["etc/a", "same", 6, undefined],
        ["new", "same", 9, undefined],
      ],
    );
    assert.deepEqual([result.value.header.isWhole, result.value.header.rowCount], [true, 1]);
  });

  test("the base layer is compared with nothing", async () => {
    const result = await compare(layerChange(side, 0), source().hooks, never);
    assert.ok(result.ok);
    assert.deepEqual(
      [result.value.header.before, result.value.header.after, result.value.pieces.flat().length],
      ["an empty file system", "app:1, its base layer of 3", 2],
    );
  });

  test("two whole images are compared", async () => {
    const result = await compare({ before: { ...side, layerCount: 1 }, after: side }, source().hooks, never);
    assert.ok(result.ok);
    assert.deepEqual(
      [result.value.header.title, result.value.header.after, result.value.pieces.flat().length],
      ["From app:1 up to layer 1 to app:1", "app:1, all 3 layers", 4],
    );
    assert.equal(result.value.header.adds, undefined);
  });

  test("files with unread content count as changed, with a note", async () => {
    const unread = [
      content([file("a", 5, { sha256: undefined as never })]),
      content([file("a", 5, { sha256: undefined as never, mtimeMs: 9 })]),
    ];
    const result = await compare(layerChange(side, 1), source(unread).hooks, never);
    assert.ok(result.ok);
    assert.match(
      result.value.header.notes.join(),
      /^1 file of the same size counts as changed: its content is not known/,
    );
  });
});

describe("comparisons that fail", () => {
  for (const [sourceId, message] of [
    ["archive:/x.tar", "/x.tar isn't open. Open it and compare again"],
    ["engine", "the container engine isn't responding or is no longer shown. Compare again when it is back"],
    [
      "engine:tcp://ada:secret@h:1",
      "the engine tcp://ada:…@h:1 isn't responding or is no longer shown. Compare again when it is back",
    ],
  ] as const) {
    test(`comparing fails if ${sourceId} is gone`, async () => {
      const result = await compare(
        layerChange({ ...side, sourceId }, 0),
        { ...source().hooks, source: () => Promise.resolve(undefined) },
        never,
      );
      assert.deepEqual(!result.ok && [result.error.kind, result.error.message], ["notFound", message]);
    });
  }
  test("comparing fails if the image no longer has the layer", async () => {
    const result = await compare(layerChange(side, 7), source().hooks, never);
    assert.deepEqual(!result.ok && result.error.message, "app:1 has 3 layers now");
  });
  test("comparing fails if the response lacks the layer", async () => {
    const result = await compare(layerChange(side, 1), source([content([])]).hooks, never);
    assert.equal(!result.ok && result.error.kind, "notFound");
  });
  test("comparing fails with the source's error if the image is gone", async () => {
    const gone = failure({ kind: "notFound", what: "app:1", message: "gone" });
    const result = await compare(
      layerChange(side, 1),
      {
        ...source().hooks,
        source: () =>
          Promise.resolve({ layerSource: { kind: "archive", path: "x" }, image: () => Promise.resolve(gone) }),
      },
      never,
    );
    assert.deepEqual(result, gone);
  });
});

function source(contents: readonly LayerContent[] = layers): {
  hooks: CompareHooks;
  wanted: (readonly DiffId[])[];
  progress: string[];
  read: Image[];
} {
  const [wanted, progress, read]: [(readonly DiffId[])[], string[], Image[]] = [[], [], []];
  const one = image({ layers: [layer(0), layer(1, { step: step("RUN /bin/sh -c make # buildkit") }), layer(2)] });
  const reader: LayerReader = {
    layers: (_, request) => {
      wanted.push(request.wanted ?? []);
      request.onProgress?.({ readBytes: 500, totalBytes: 1000, label: "reading" });
      return Promise.resolve(
        success({ image: one, contents: new Map(contents.map((each, index) => [layer(index).diffId, each])) }),
      );
    },
  };
  const hooks: CompareHooks = {
    onProgress: (label, fraction) => progress.push(`${label} ${fraction}`),
    onRead: (sourceId, as) => (assert.equal(sourceId, side.sourceId), read.push(as)),
    source: () =>
      Promise.resolve({ layerSource: { kind: "archive", path: "x" }, image: () => Promise.resolve(success(one)) }),
    // The worker's job, done at once and row by row.
    diff: async ({ before, after }, { onRows, onProgress = () => undefined }, signal) => {
      const compared = await diffLayers(
        { before: { ...before, source: reader }, after: { ...after, source: reader } },
        onProgress,
        signal,
      );
      if (compared.ok) for (const row of compared.value.rows) onRows([row]);
      return compared;
    },
    list: async (request, { onEntries }, signal) => {
      const system = await createFileSystems().read({ ...request, source: reader }, () => undefined, signal);
      if (!system.ok) return system;
      const entries = [...walkTree(system.value.root)].flatMap(({ entry }) => entry ?? []);
      onEntries(entries);
      return success(entries.length);
    },
  };
  return { hooks, wanted, progress, read };
}
