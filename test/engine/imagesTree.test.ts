import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { childrenOf } from "../../client/src/images/children.ts";
import type { RowContext } from "../../client/src/images/rows/context.ts";
import type { FactNode, ImageTreeNode, LayerNode } from "../../client/src/images/node.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createImageCatalog } from "../../oci/catalog/catalog.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { context, engineNode, never, rowOf } from "../client/images/fakeTree.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { sharedContainerdEngine, sharedEngine } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import {
  dockerArchive,
  layoutArchive,
  imageContent,
  type ImageContent,
  type FixtureImage,
} from "../rig/images/imageContent.ts";

const tag = "imagewright.test/tree:1";
const image: FixtureImage = { layers: [{ "a/": "" }, { b: "b" }], config: { Env: ["A=b"], User: "ada" } };

/** The tree for a real engine, restricted to this test's image. */
function treeOf({ socketPath }: Rig): RowContext {
  const engine = createEngine(socketConnection(socketPath), unsupportedLayers);
  const source = {
    kind: "engine",
    list: (signal: AbortSignal) => engine.list(signal),
    image: engine.image.bind(engine),
    catalog: createImageCatalog(engine),
  } as const;
  return context(
    {
      state: () => Promise.resolve({ engines: [{ kind: "ready", source: engineNode }], archives: [], isTrusted: true }),
      source: () => source,
    },
    { filter: tag, groupBy: "none" },
  );
}

async function facts(
  section: string,
  parent: ImageTreeNode | undefined,
  on: RowContext,
): Promise<ReadonlyMap<string, string>> {
  const rows = await childrenOf(await rowOf(section, parent, on), on, never);
  return new Map(rows.filter((row): row is FactNode => row.kind === "fact").map(({ name, value }) => [name, value]));
}

async function layersOf(parent: ImageTreeNode, on: RowContext): Promise<readonly LayerNode[]> {
  return (await childrenOf(await rowOf("Layers", parent, on), on, never)).filter(
    (row): row is LayerNode => row.kind === "layer",
  );
}

describe("the tree over the classic store", () => {
  let rig: Rig;
  before(async () => {
    rig = await sharedEngine();
    await loadImage(rig, await dockerArchive(image, tag));
  });
  after(async () => {
    await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
    await rig.stop();
  });

  test("the tree labels the config digest, and shows that no manifest is known", async () => {
    const {
      images: [built],
    } = await imageContent(image, { compression: "none" });
    const on = treeOf(rig);
    const [row] = await childrenOf(undefined, on, never);
    assert.ok(row);
    const digests = await facts("Tags and Digests", row, on);
    assert.deepEqual(
      [digests.get("Config digest"), digests.get("Image ID"), digests.get("Manifest digest")],
      [built?.configDigest, built?.configDigest, "Not available from this source"],
    );
    assert.deepEqual(
      (await layersOf(row, on)).map(({ layer }) => layer.diffId),
      built?.diffIds,
    );
    assert.equal((await facts("Configuration", row, on)).get("User"), "ada");
  });
});

describe("the tree over the containerd store", () => {
  let rig: Rig | undefined;
  let content: ImageContent;
  before(async () => {
    rig = await sharedContainerdEngine();
    if (!rig) return;
    content = await imageContent(
      [image, { ...image, layers: [{ c: "c" }], platform: { os: "linux", architecture: "arm64" } }],
      { attestations: "each" },
    );
    await loadImage(rig, await layoutArchive(content, tag));
  });
  after(async () => {
    if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
    await rig?.stop();
  });

  test("the tree has every platform with its digest, layers and attestations", async (context) => {
    if (!rig) return context.skip("the engine with containerd's store is not set up");
    const on = treeOf(rig);
    const [row] = await childrenOf(undefined, on, never);
    assert.ok(row);
    const digests = await facts("Tags and Digests", row, on);
    assert.deepEqual(
      [digests.get("Index digest"), digests.get("Image ID"), digests.get("Manifest digest")],
      [content.root.digest, content.root.digest, content.images[0]?.manifest.digest],
    );
    const platforms = await childrenOf(await rowOf("Platforms", row, on), on, never);
    assert.deepEqual(
      platforms.map(
        (each) => each.kind === "platform" && [each.manifest.digest, each.isDefaultPlatform, each.attestations.length],
      ),
      content.images.map(({ manifest }, index) => [manifest.digest, index === 0, 1]),
    );
    const arm64 = platforms[1];
    assert.ok(arm64);
    assert.deepEqual(
      (await layersOf(arm64, on)).map(({ layer }) => layer.diffId),
      content.images[1]?.diffIds,
    );
  });
});
