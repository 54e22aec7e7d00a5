// Separate engines: other tests add and remove images in the shared ones, which changes the totals.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { groupByBase } from "../../oci/images/baseGroups.ts";
import { derivedOf } from "../../oci/images/lineage.ts";
import { freedBy, spaceOf, type ByteSum } from "../../oci/images/space.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createImageCatalog, type Catalog, type CatalogImage } from "../../oci/catalog/catalog.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { isContainerdEngineSetUp, startContainerdEngine } from "../rig/engines/containerdEngine.ts";
import { startEngine, type Rig } from "../rig/engines/engine.ts";
import { askEngine } from "../rig/engines/engineApi.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, type FixtureImage } from "../rig/images/imageContent.ts";
import type { FixtureLayer } from "../rig/images/layerTar.ts";

const signal = new AbortController().signal;
const base = [layer("base", 200_000), layer("mid", 3000)];
const images: Readonly<Record<string, FixtureImage>> = {
  "space.test/base:1": { layers: base },
  "space.test/one:1": { layers: [...base, layer("one", 5000)] },
  "space.test/two:1": { layers: [...base, layer("two", 700), layer("deep", 11)] },
  // The same layer as one of the base's, at a different position in the chain.
  "space.test/other:1": { layers: [layer("mid", 3000)] },
};

function layer(name: string, size: number): FixtureLayer {
  return { [`${name}/`]: { directory: true }, [`${name}/file`]: "x".repeat(size), [`${name}/link`]: { link: "file" } };
}

/** The engine's own figures, from `docker system df -v`. */
interface DiskUsage {
  readonly LayersSize: number;
  readonly Images: readonly { readonly Id: string; readonly Size: number; readonly SharedSize: number }[];
}

async function usage({ socketPath }: Rig): Promise<DiskUsage> {
  return JSON.parse((await askEngine(socketPath, { path: "/system/df" })).toString("utf8")) as DiskUsage;
}

async function catalogOf({ socketPath }: Rig): Promise<Catalog> {
  const engine = createEngine(socketConnection(socketPath), unsupportedLayers);
  const list = await engine.list(signal);
  assert.ok(list.ok);
  return createImageCatalog(engine).complete(list.value, undefined, signal);
}

function tagged({ images: all }: Catalog, tag: string): CatalogImage {
  const found = all.find(({ tags }) => tags.includes(tag));
  assert.ok(found, tag);
  return found;
}

function known({ bytes, unknownLayers }: ByteSum): number {
  assert.equal(unknownLayers, 0);
  return bytes;
}

async function loadAll(rig: Rig): Promise<void> {
  for (const [tag, image] of Object.entries(images)) await loadImage(rig, await dockerArchive(image, tag));
}

/** Removes an image; returns the decrease in the layers' size according to the engine. */
async function freedByEngine(rig: Rig, tag: string): Promise<number> {
  const { LayersSize } = await usage(rig);
  await askEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}` });
  return LayersSize - (await usage(rig)).LayersSize;
}

describe("space in the classic store", () => {
  let rig: Rig;
  before(async () => {
    rig = await startEngine();
    await loadAll(rig);
  });
  after(() => rig.stop());

  test("totals, shared and unique bytes equal those of `docker system df -v`", async () => {
    const catalog = await catalogOf(rig);
    const space = spaceOf(catalog.images);
    const { LayersSize, Images } = await usage(rig);
    assert.deepEqual([catalog.sizeKind, known(space.total)], ["content", LayersSize]);
    for (const { Id, Size, SharedSize } of Images) {
      const own = space.images.get(Id);
      assert.deepEqual(own && [own.total, own.shared, own.alone].map(known), [Size, SharedSize, Size - SharedSize]);
    }
  });
  test("the base is the image of the shared layers, and the others derive from it", async () => {
    const { images: all } = await catalogOf(rig);
    const root = tagged({ images: all, problems: new Map() }, "space.test/base:1");
    assert.deepEqual(
      derivedOf(root, all).map(({ tags }) => tags[0]),
      ["space.test/one:1", "space.test/two:1"],
    );
    const group = groupByBase(all).find(({ base: found }) => found?.imageId === root.id);
    assert.deepEqual(group?.members.map(({ image }) => image.tags[0]).sort(), ["space.test/one:1", "space.test/two:1"]);
  });
  test("removing an image frees the announced bytes", async () => {
    const catalog = await catalogOf(rig);
    for (const tag of ["space.test/base:1", "space.test/one:1"]) {
      const removed = new Set([tagged(catalog, "space.test/base:1").id, tagged(catalog, tag).id]);
      const said = known(freedBy(catalog.images, removed));
      assert.equal(await freedByEngine(rig, tag), said, tag);
    }
  });
});

describe("space in the containerd store", () => {
  let rig: Rig | undefined;
  before(async () => {
    rig = (await isContainerdEngineSetUp()) ? await startContainerdEngine() : undefined;
    if (rig) await loadAll(rig);
  });
  after(() => rig?.stop());

  test("shared bytes equal `docker system df -v`, and removing frees at least the announced bytes", async (context) => {
    if (!rig)
      return context.skip(
        "the engine with containerd's store is not set up: node test/rig/engines/containerdEngine.ts",
      );
    const catalog = await catalogOf(rig);
    const space = spaceOf(catalog.images);
    assert.equal(catalog.sizeKind, "disk");
    const { LayersSize, Images } = await usage(rig);
    for (const { Id, SharedSize } of Images)
      assert.equal(known(space.images.get(Id)?.shared ?? { bytes: 0, unknownLayers: 1 }), SharedSize);
    const said = known(freedBy(catalog.images, new Set([tagged(catalog, "space.test/one:1").id])));
    // The engine also counts blobs, which are stored in addition to their unpacked content.
    assert.ok(known(space.total) < LayersSize);
    assert.ok((await freedByEngine(rig, "space.test/one:1")) > said);
    const left = spaceOf((await catalogOf(rig)).images);
    assert.equal(known(left.total), known(space.total) - said);
  });
});
