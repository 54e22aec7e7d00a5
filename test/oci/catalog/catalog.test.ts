import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "node:test";
import { blobBytes, contentBytes } from "../../../oci/core/bytes.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import { failure, success, type OciError } from "../../../oci/core/error.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";
import { createImageCatalog, createUncachedCatalog, type Catalog } from "../../../oci/catalog/catalog.ts";
import type { ImageReader } from "../../../oci/source/source.ts";
import { image as literalImage } from "../../support/images/literalImages.ts";

const signal = new AbortController().signal;
const broken: OciError = { kind: "notFound", what: "b", message: "gone" };

function summaries(...ids: readonly string[]): readonly ImageSummary[] {
  return ids.map((id) => ({ id, tags: [`${id}:1`], repoDigests: [] }));
}

type Sizes = Pick<Layer, "engineBytes" | "contentBytes" | "blobBytes">;

function image(id: string, layers: Readonly<Record<string, Sizes>>, more: Partial<Image> = {}): Image {
  return literalImage({
    reference: id,
    id,
    tags: [],
    layers: Object.entries(layers).map(([name, sizes], index) => ({
      index,
      diffId: `sha256:${name}` as DiffId,
      emptyStepsBefore: [],
      ...sizes,
    })),
    engineSizeKind: "content",
    ...more,
  });
}

interface TestReader extends ImageReader {
  readonly asked: string[];
  /** The highest number of concurrent requests. */
  highest: number;
}

/** A reader of these images, which each take a turn of the event loop. */
function readerOf(...images: readonly Image[]): TestReader {
  let running = 0;
  const reader: TestReader = {
    asked: [],
    highest: 0,
    image: async (id, _, stop) => {
      reader.asked.push(id);
      reader.highest = Math.max(reader.highest, ++running);
      await nextTurn();
      running--;
      stop.throwIfAborted();
      const found = images.find((one) => one.id === id);
      return found ? success(found) : failure(broken);
    },
  };
  return reader;
}

/** `name: layer=bytes …` of each image, and the kind of bytes. */
function shown({ images, sizeKind }: Catalog): readonly string[] {
  return [
    sizeKind ?? "nothing",
    ...images.map(
      ({ id, layers }) => `${id}: ${layers.map(({ diffId, bytes }) => `${diffId.slice(7)}=${bytes ?? "?"}`).join(" ")}`,
    ),
  ];
}

async function checkBytes(images: readonly Image[], ...expected: readonly string[]): Promise<void> {
  const catalog = await createImageCatalog(readerOf(...images)).complete(
    summaries(...images.map(({ id }) => id)),
    undefined,
    signal,
  );
  assert.deepEqual(shown(catalog), expected);
}

test("an image whose ID is a name that can move is read on each call, and not known without reading", async () => {
  const images = [
    image("app:1", { old: { blobBytes: blobBytes(1) } }),
    image("app:1", { new: { blobBytes: blobBytes(2) } }),
  ];
  const catalog = createUncachedCatalog({
    image: () => Promise.resolve(success(images.shift() ?? assert.fail("asked too often"))),
  });
  for (const expected of ["app:1: old=1", "app:1: new=2"]) {
    assert.equal(catalog.known(summaries("app:1")), undefined);
    assert.deepEqual(shown(await catalog.complete(summaries("app:1"), undefined, signal)), ["blob", expected]);
  }
});

test("an image is read once, even if its names change", async () => {
  const reader = readerOf(image("a", { x: {} }), image("b", {}));
  const catalog = createImageCatalog(reader);
  assert.equal(catalog.known(summaries("a")), undefined);
  await catalog.complete(summaries("a"), undefined, signal);
  await catalog.complete(summaries("b", "a"), undefined, signal);
  assert.deepEqual(reader.asked, ["a", "b"]);
  const known = catalog.known([
    { id: "b", tags: [], repoDigests: ["b@sha256:0"] },
    { id: "a", tags: ["new:2"], repoDigests: [] },
  ]);
  assert.deepEqual(
    known?.images.map(({ id, tags, repoDigests }) => [id, tags, repoDigests]),
    [
      ["b", [], ["b@sha256:0"]],
      ["a", ["new:2"], []],
    ],
  );
});

test("an empty list causes no request", async () => {
  const catalog = createImageCatalog(readerOf());
  assert.deepEqual(catalog.known([])?.images, []);
  assert.deepEqual((await catalog.complete([], undefined, signal)).images, []);
});

test("at most four images are read at once, for all callers together", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `i${index}`);
  const reader = readerOf(...ids.map((id) => image(id, {})));
  const catalog = createImageCatalog(reader);
  const progress: string[] = [];
  const onProgress = (readCount: number, totalCount: number): void => void progress.push(`${readCount}/${totalCount}`);
  await Promise.all([
    catalog.complete(summaries(...ids), onProgress, signal),
    catalog.complete(summaries(...[...ids].reverse()), undefined, signal),
  ]);
  assert.equal(reader.highest, 4);
  assert.equal(reader.asked.length, 20);
  assert.deepEqual([progress.length, progress.at(-1)], [20, "20/20"]);
});

test("a problem with one image doesn't stop the others, and is retried on the next call", async () => {
  const reader = readerOf(image("a", {}), image("c", {}));
  const catalog = createImageCatalog(reader);
  const first = await catalog.complete(summaries("a", "b", "c"), undefined, signal);
  assert.deepEqual([first.images.map(({ id }) => id), [...first.problems]], [["a", "c"], [["b", broken]]]);
  await catalog.complete(summaries("a", "b", "c"), undefined, signal);
  assert.deepEqual(reader.asked, ["a", "b", "c", "b"]);
});

test("after an engine is lost, the remaining images are not requested", async () => {
  const lost: OciError = { kind: "engineUnreachable", endpoint: "unix:///x", tried: [], message: "gone" };
  const asked: string[] = [];
  const reader: ImageReader = {
    image: (id) => {
      asked.push(id);
      return Promise.resolve(failure(lost));
    },
  };
  const ids = Array.from({ length: 50 }, (_, index) => `i${index}`);
  const { problems } = await createImageCatalog(reader).complete(summaries(...ids), undefined, signal);
  assert.ok(asked.length <= 4, `asked ${asked.length} times`);
  assert.deepEqual([problems.size, problems.get("i49")], [50, lost]);
});

test("reading continues while any caller remains, and stops with the last", async () => {
  const stops: boolean[] = [];
  const reader: ImageReader = {
    image: (_, __, stop) =>
      new Promise((_resolve, reject) =>
        stop.addEventListener("abort", () => {
          stops.push(true);
          reject(new DOMException("aborted", "AbortError"));
        }),
      ),
  };
  const catalog = createImageCatalog(reader);
  const [first, second] = [new AbortController(), new AbortController()];
  const readings = [first, second].map((caller) =>
    assert.rejects(catalog.complete(summaries("a"), undefined, caller.signal), { name: "AbortError" }),
  );
  first.abort();
  await readings[0];
  assert.deepEqual(stops, []);
  second.abort();
  await readings[1];
  assert.deepEqual(stops, [true]);
});

test("the least recently used images are evicted, but not from a caller that requested all", async () => {
  const made = image("", {});
  const config = { ...made.config, history: new Array<{ createdBy: string }>(900_000).fill({ createdBy: "x" }) };
  const reader = readerOf(...["a", "b", "c"].map((id) => image(id, {}, { config })));
  const catalog = createImageCatalog(reader);
  await catalog.complete(summaries("a", "b"), undefined, signal);
  catalog.known(summaries("a"));
  const all = await catalog.complete(summaries("b", "c"), undefined, signal);
  assert.deepEqual(
    all.images.map(({ id }) => id),
    ["b", "c"],
  );
  assert.deepEqual(
    ["a", "b", "c"].map((id) => catalog.known(summaries(id)) !== undefined),
    [false, true, true],
  );
});

test("a bug in a reader is thrown, and reading stops", async () => {
  const asked: string[] = [];
  const reader: ImageReader = {
    image: async (id) => {
      asked.push(id);
      await nextTurn();
      throw new Error("bug");
    },
  };
  await assert.rejects(
    createImageCatalog(reader).complete(summaries("a", "b", "c", "d", "e", "f"), undefined, signal),
    /bug/,
  );
  await nextTurn();
  assert.deepEqual(asked, ["a", "b", "c", "d"]);
});

test("a read layer counts like an engine that counts content, and no other", async () => {
  const layers = { x: { engineBytes: 7, contentBytes: contentBytes(6) }, y: { contentBytes: contentBytes(3) } };
  await checkBytes([image("a", layers)], "content", "a: x=7 y=3");
  await checkBytes([image("a", layers, { engineSizeKind: "disk" })], "disk", "a: x=7 y=?");
  await checkBytes([image("a", layers, { engineSizeKind: "tar" })], "tar", "a: x=7 y=?");
});

test("blobs are counted for a source of blobs", async () => {
  await checkBytes(
    [image("a", { x: { blobBytes: blobBytes(5) }, y: { contentBytes: contentBytes(3) } })],
    "blob",
    "a: x=5 y=?",
  );
});

test("sizes of a less common kind are unknown", async () => {
  const images = [
    image("a", { x: { engineBytes: 1 } }),
    image("b", { y: { blobBytes: blobBytes(2) } }),
    image("c", { z: { engineBytes: 3 } }),
  ];
  await checkBytes(images, "content", "a: x=1", "b: y=?", "c: z=3");
});

test("an unknown layer's size is not derived from the image's size", async () => {
  await checkBytes([image("a", { x: { engineBytes: 7 }, y: {} }, { engineBytes: 10 })], "content", "a: x=7 y=?");
  await checkBytes([image("a", { x: {} }, { engineBytes: 10 })], "nothing", "a: x=?");
});

test("a layer whose size only one image knows is known for that image only", async () => {
  await checkBytes(
    [image("a", { x: { engineBytes: 7 } }), image("b", { x: {}, y: { engineBytes: 1 } })],
    "content",
    "a: x=7",
    "b: x=? y=1",
  );
});

test("only annotations and labels about the base are kept, separately because labels are inherited", async () => {
  const [name, digest] = ["org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"];
  const made = image("a", {});
  const config = { ...made.config, labels: { [name]: "label:1", [digest]: "d", other: "x" } };
  const reader = readerOf(
    image("a", {}, { config, annotations: { [name]: "annotation:1", more: "y" } }),
    image("b", {}, { config, annotations: { more: "y" } }),
  );
  const { images } = await createImageCatalog(reader).complete(summaries("a", "b"), undefined, signal);
  const labels = { [name]: "label:1", [digest]: "d" };
  assert.deepEqual(
    images.map((each) => [each.annotations, each.labels]),
    [
      [{ [name]: "annotation:1" }, labels],
      [{}, labels],
    ],
  );
});

test("a long step is kept as its digest, which distinguishes long steps", async () => {
  const made = image("a", {});
  const steps = ["short", "x".repeat(10_000), `${"x".repeat(10_000)}y`];
  const { images } = await createImageCatalog(
    readerOf({ ...made, config: { ...made.config, history: steps.map((createdBy) => ({ createdBy })) } }),
  ).complete(summaries("a"), undefined, signal);
  const [short, long, longer] = images[0]?.steps ?? [];
  assert.equal(short, "short");
  assert.match(long ?? "", /^sha256:[0-9a-f]{64}$/);
  assert.notEqual(long, longer);
});
