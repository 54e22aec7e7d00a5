import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Image, ImageSummary } from "../../oci/core/image.ts";
import type { Platform } from "../../oci/core/platform.ts";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { watchEngine } from "../../oci/engine/events.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { sharedContainerdEngine } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { layoutArchive, imageContent, type ImageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";

const signal = new AbortController().signal;
const name = "imagewright.test/store";
const arm64 = { os: "linux", architecture: "arm64" } as const;
const armV6 = { os: "linux", architecture: "arm", variant: "v6" } as const;
const s390x = { os: "linux", architecture: "s390x" } as const;
const of = (platform: FixtureImage["platform"], user: string): FixtureImage => ({
  layers: [{ "etc/for": user }],
  config: { User: user },
  ...(platform && { platform }),
});

describe("an engine with the containerd store", () => {
  let rig: Rig | undefined;
  let engine: Engine;
  let content: ImageContent;
  const client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
  before(async () => {
    rig = await sharedContainerdEngine();
    if (!rig) return;
    const connection = socketConnection(rig.socketPath);
    engine = createEngine(connection, client.layersOf(connection));
    content = await imageContent([of(undefined, "ada"), of(arm64, "eve"), of(armV6, "bob"), of(s390x, "sue")], {
      attestations: "each",
    });
    await loadImage(rig, await layoutArchive(withoutImage(content, 3), `${name}:multi`));
    await loadImage(
      rig,
      await layoutArchive(await imageContent([of(arm64, "ivy"), of(s390x, "max")]), `${name}:foreign`),
    );
  });
  after(async () => {
    client.dispose();
    for (const tag of ["multi", "foreign", "other"])
      if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${name}:${tag}?force=1` });
    await rig?.stop();
  });

  /** Registers a test that is skipped if the engine isn't set up. */
  function testStore(claim: string, run: (engineRig: Rig) => Promise<void>): void {
    test(claim, async (context) =>
      rig ? run(rig) : context.skip("set it up with: node test/rig/engines/containerdEngine.ts"),
    );
  }

  testStore("an index is listed as one image, and marked as an index", async () => {
    const summary = await listed(engine, `${name}:multi`);
    assert.deepEqual(
      { id: summary.id, target: summary.target, tags: summary.tags, containers: summary.containers },
      { id: content.root.digest, target: "index", tags: [`${name}:multi`], containers: 0 },
    );
  });
  testStore(
    "all manifests of an index are reported: platforms, attestations with their subject, and local content",
    async () => {
      const { manifests = [] } = await read(engine, `${name}:multi`);
      assert.deepEqual(
        manifests.map(({ digest, kind, platform, subject, isAvailable }) => [
          digest,
          kind,
          platform?.architecture,
          subject,
          isAvailable,
        ]),
        [
          ...content.images.map(({ manifest }, index) => [
            manifest.digest,
            "image",
            manifest.platform?.architecture,
            undefined,
            index !== 3,
          ]),
          ...content.images.map(({ manifest }, index) => [
            manifests[index + 4]?.digest,
            "attestation",
            undefined,
            manifest.digest,
            true,
          ]),
        ],
      );
      const [own, foreign] = content.images.map(({ manifest, configDigest, layers }) =>
        [manifest.digest, configDigest, ...layers.map(({ digest }) => digest)].reduce(
          (sum, digest) => sum + (content.blobs.get(digest)?.length ?? 0),
          0,
        ),
      );
      assert.deepEqual([manifests[0]?.blobBytes, manifests[1]?.blobBytes, manifests[3]?.blobBytes], [own, foreign, 0]);
      assert.equal((await read(engine, `${name}:multi`)).engineBytes, manifests[0]?.unpackedBytes);
    },
  );
  testStore("each local platform is read by name and by the index's ID", async () => {
    for (const reference of [`${name}:multi`, content.root.digest]) {
      for (const [index, platform] of [arm64, armV6].entries()) {
        const image = await read(engine, reference, platform);
        checkIdentity(image, content, index + 1);
        assert.deepEqual(
          { id: image.id, manifestDigest: image.manifestDigest, user: image.config.user },
          {
            id: content.root.digest,
            manifestDigest: content.images[index + 1]?.manifest.digest,
            user: index === 0 ? "eve" : "bob",
          },
        );
      }
    }
  });
  testStore("the layers of the requested platform are returned", async () => {
    const image = await read(engine, `${name}:multi`, arm64);
    const layers = await engine.layers(image, {}, signal);
    assert.ok(layers.ok, layers.ok ? "" : layers.error.message);
    checkIdentity(layers.value.image, content, 1);
    assert.deepEqual([...layers.value.contents.keys()], content.images[1]?.diffIds);
    assert.equal(layers.value.image.manifests?.length, 8);
  });
  testStore("a missing, invalid or attestation's platform suggests what to pull", async () => {
    const here = "linux/amd64, linux/arm64, linux/arm/v6";
    const expected: readonly (readonly [Platform, string])[] = [
      [
        s390x,
        `the engine knows ${name}:multi for linux/s390x, but has content only for ${here}; pull it for linux/s390x`,
      ],
      [
        { os: "linux", architecture: "riscv64" },
        `the engine has ${name}:multi only for ${here}; pull it for linux/riscv64`,
      ],
      [
        { os: "unknown", architecture: "unknown" },
        `the engine has ${name}:multi only for ${here}; pull it for unknown/unknown`,
      ],
    ];
    for (const [platform, message] of expected) {
      const answer = await engine.image(`${name}:multi`, { platform }, signal);
      assert.deepEqual(!answer.ok && [answer.error.kind, answer.error.message], ["notFound", message]);
    }
  });
  testStore("a containerd store is recognized even with an old API chosen by the user", async (engineRig) => {
    const old = createEngine({ ...socketConnection(engineRig.socketPath), apiVersion: "1.41" }, unsupportedLayers);
    const { id, configDigest, indexDigest, manifests } = await read(old, `${name}:multi`);
    assert.deepEqual(
      { id, configDigest, indexDigest, manifests },
      { id: content.root.digest, configDigest: undefined, indexDigest: undefined, manifests: undefined },
    );
    assert.equal((await listed(old, `${name}:multi`)).containers, 0);
  });
  testStore("an image that lost its name is read by its ID", async (engineRig) => {
    const first = await imageContent(of(undefined, "max"));
    await loadImage(engineRig, await layoutArchive(first, `${name}:other`));
    await askEngine(engineRig.socketPath, { method: "POST", path: `/images/${name}:multi/tag?repo=${name}&tag=other` });
    const list = await engine.list(signal);
    assert.deepEqual(list.ok && list.value.find(({ id }) => id === first.root.digest)?.tags, []);
    checkIdentity(await read(engine, first.root.digest), first);
    for (const reference of [`${name}:other`, first.root.digest])
      await callEngine(engineRig.socketPath, { method: "DELETE", path: `/images/${reference}?force=1` });
  });
  testStore("an image without any content suggests its registry", async (engineRig) => {
    const gone = await imageContent([of(undefined, "leo"), of(arm64, "kim")]);
    const root = new Map([...gone.blobs].filter(([digest]) => digest === gone.root.digest));
    await loadImage(engineRig, await layoutArchive({ ...gone, blobs: root }, `${name}:other`));
    const answer = await engine.image(`${name}:other`, {}, signal);
    assert.deepEqual(!answer.ok && [answer.error.kind, answer.error.message], [
      "notFound",
      `the engine lists ${name}:other for linux/amd64, linux/arm64, but has none of its content; open the image from its registry`,
    ]);
    const { created, containers, repoDigests } = await listed(engine, `${name}:other`);
    assert.deepEqual(
      { created, containers, repoDigests },
      { created: undefined, containers: undefined, repoDigests: [] },
    );
    await callEngine(engineRig.socketPath, { method: "DELETE", path: `/images/${name}:other?force=1` });
  });
  testStore("an image only for other machines is read; content that isn't unpacked has no size", async () => {
    const image = await read(engine, `${name}:foreign`);
    assert.deepEqual(
      [
        image.platform,
        image.config.user,
        image.manifests?.map(({ unpackedBytes }) => unpackedBytes),
        image.layers.map(({ engineBytes }) => engineBytes),
      ],
      [arm64, "ivy", [undefined, undefined], [undefined]],
    );
    assert.equal((await read(engine, `${name}:foreign`, s390x)).config.user, "max");
  });
  testStore("containers are counted for the image and for their platform", async (engineRig) => {
    const answer = await askEngine(engineRig.socketPath, {
      method: "POST",
      path: "/containers/create?platform=linux/arm64",
      body: Buffer.from(JSON.stringify({ Image: `${name}:multi`, Cmd: ["/x"] })),
      contentType: "application/json",
    });
    const container = (JSON.parse(answer.toString("utf8")) as { Id: string }).Id;
    try {
      assert.equal((await listed(engine, `${name}:multi`)).containers, 1);
      assert.deepEqual(
        (await read(engine, `${name}:multi`)).manifests?.slice(0, 3).map(({ containers }) => containers),
        [0, 1, 0],
      );
    } finally {
      await askEngine(engineRig.socketPath, { method: "DELETE", path: `/containers/${container}` });
    }
  });
  testStore("our reading isn't announced, but names and IDs of others' changes are", async (engineRig) => {
    const seen: string[] = [];
    let isConnected = false;
    const watch = watchEngine(socketConnection(engineRig.socketPath), {
      onImagesChanged: (changed) => seen.push(...changed),
      onConnection: () => (isConnected = true),
      debounceMs: 20,
    });
    const own = (): readonly string[] => seen.filter((what) => what === content.root.digest || what.startsWith(name));
    try {
      await until(() => isConnected);
      const image = await read(engine, `${name}:multi`, armV6);
      await engine.layers(image, {}, signal);
      await engine.list(signal);
      await askEngine(engineRig.socketPath, {
        method: "POST",
        path: `/images/${name}:multi/tag?repo=${name}&tag=other`,
      });
      await until(() => own().length > 0);
      assert.deepEqual(own(), [content.root.digest, `${name}:other`]);
      await callEngine(engineRig.socketPath, { method: "DELETE", path: `/images/${name}:other` });
      await until(() => own().length === 4);
    } finally {
      watch.dispose();
    }
  });
});

/** The state after a pull of other platforms: the index names the image, but none of it is stored. */
function withoutImage(content: ImageContent, index: number): ImageContent {
  const image = content.images[index];
  assert.ok(image);
  const gone = new Set([image.manifest.digest, image.configDigest, ...image.layers.map(({ digest }) => digest)]);
  return { ...content, blobs: new Map([...content.blobs].filter(([digest]) => !gone.has(digest))) };
}

async function read(engine: Engine, reference: string, platform?: Platform): Promise<Image> {
  const image = await engine.image(reference, platform ? { platform } : {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

async function listed(engine: Engine, tag: string): Promise<ImageSummary> {
  const list = await engine.list(signal);
  const found = list.ok ? list.value.filter(({ tags }) => tags.includes(tag)) : [];
  const [image] = found;
  assert.ok(image && found.length === 1, `${tag} is listed ${found.length} times`);
  return image;
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, "it did not come in 5 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
