import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fetchBaseImage } from "../../dockerfile/facts/fetch/baseImage.ts";
import type { Image, ImageSummary } from "../../oci/core/image.ts";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { watchEngine } from "../../oci/engine/events.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { sharedPodman, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type ImageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { layerTar } from "../rig/images/layerTar.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";
import { checkSource } from "../support/images/sourceContract.ts";

const signal = new AbortController().signal;
const created = "2024-01-01T00:00:00Z";
const name = "imagewright.test/podman";
const tiny: FixtureImage = {
  layers: [
    { "etc/": { directory: true }, "etc/hello": "podman, 17 bytes " },
    { "etc/.wh.hello": "", "etc/more": "more" },
  ],
  config: {
    Env: ["A=b"],
    User: "ada",
    WorkingDir: "/w",
    Cmd: ["run"],
    Labels: { l: "m" },
    ExposedPorts: { "80/tcp": {} },
    Volumes: { "/v": {} },
    StopSignal: "SIGINT",
    Healthcheck: { Test: ["CMD", "ok"] },
  },
  history: [
    { created, created_by: "COPY hello /etc/ # buildkit" },
    { created, created_by: "ENV A=b", empty_layer: true },
    { created, created_by: "RUN something # buildkit" },
    { created, created_by: 'CMD ["run"]', empty_layer: true },
  ],
};

describe("Podman", () => {
  let podman: Rig | undefined;
  let content: ImageContent;
  let engine: Engine;
  before(async () => {
    podman = await sharedPodman();
    if (!podman) return;
    content = await imageContent(tiny);
    engine = createEngine(socketConnection(podman.socketPath), unsupportedLayers);
    await loadImage(podman, await dockerArchive(tiny, `${name}:1`, "short-name-of-podman:1"));
  });
  after(async () => {
    if (podman)
      for (const reference of [`${name}:1`, `${name}:2`, "localhost/short-name-of-podman:1"])
        await remove(podman, reference);
    await podman?.stop();
  });

  /** Registers a test that is skipped without Podman. */
  function testPodman(claim: string, run: (rig: Rig) => Promise<void>): void {
    test(claim, async (context) =>
      podman ? run(podman) : context.skip("start it with: node test/rig/engines/podman.ts"),
    );
  }

  testPodman("Podman reports its name and version", async () => {
    const pong = await engine.ping(signal);
    assert.ok(pong.ok);
    assert.equal(pong.value.flavour, "podman");
    assert.match(pong.value.libpodVersion ?? "", /^\d+\.\d+\.\d+$/);
  });
  testPodman("names are listed in familiar form, with Podman's localhost/ for those without a registry", async () => {
    const mine = await listed(engine, `${name}:1`);
    assert.deepEqual([...mine.tags].sort(), [`${name}:1`, "localhost/short-name-of-podman:1"]);
    assert.deepEqual(
      { id: mine.id, labels: mine.labels, containers: mine.containers, target: mine.target },
      { id: content.images[0]?.configDigest, labels: { l: "m" }, containers: 0, target: undefined },
    );
  });
  testPodman("an image is read by name and by ID, with exact identity, config and history", async () => {
    const image = await read(engine, `${name}:1`);
    checkIdentity(image, content);
    assert.deepEqual(
      {
        configDigest: image.configDigest,
        manifestDigest: image.manifestDigest,
        indexDigest: image.indexDigest,
        manifests: image.manifests,
      },
      { configDigest: image.id, manifestDigest: undefined, indexDigest: undefined, manifests: undefined },
    );
    const { config, historyPairing, emptyStepsAfter } = image;
    assert.deepEqual(
      {
        user: config.user,
        workingDir: config.workingDir,
        env: config.env,
        cmd: config.cmd,
        entrypoint: config.entrypoint,
        labels: config.labels,
      },
      { user: "ada", workingDir: "/w", env: ["A=b"], cmd: ["run"], entrypoint: undefined, labels: { l: "m" } },
    );
    assert.deepEqual(
      {
        exposedPorts: config.exposedPorts,
        volumes: config.volumes,
        stopSignal: config.stopSignal,
        healthcheck: config.healthcheck,
      },
      { exposedPorts: ["80/tcp"], volumes: ["/v"], stopSignal: "SIGINT", healthcheck: ["CMD", "ok"] },
    );
    assert.equal(historyPairing, "exact");
    assert.deepEqual(
      config.history.map(({ createdBy, isEmptyLayer = false }) => [createdBy, isEmptyLayer]),
      tiny.history?.map((step) => [step.created_by, step.empty_layer ?? false]),
    );
    assert.deepEqual(
      emptyStepsAfter.map(({ createdBy }) => createdBy),
      ['CMD ["run"]'],
    );
    assert.deepEqual((await read(engine, image.id)).layers, image.layers);
  });
  testPodman("sizes are those of the layers' tars, and marked as such", async () => {
    const image = await read(engine, `${name}:1`);
    const tars = await Promise.all(tiny.layers.map(async (layer) => (await layerTar(layer)).length));
    assert.deepEqual(
      image.layers.map(({ engineBytes }) => engineBytes),
      tars,
    );
    const sum = tars.reduce((total, bytes) => total + bytes, 0);
    assert.deepEqual(
      { engineSizeKind: image.engineSizeKind, engineBytes: image.engineBytes },
      { engineSizeKind: "tar", engineBytes: sum },
    );
    const fact = await fetchBaseImage({ kind: "baseImage", reference: `${name}:1` }, engine, signal);
    assert.deepEqual(
      fact.state === "known" && [fact.value.bytes, fact.value.isUpperBound, fact.value.isSinglePlatform],
      [sum, true, undefined],
    );
  });
  testPodman("an image whose history fails because of a step without a date is still read", async (rig) => {
    await loadImage(
      rig,
      await dockerArchive({ layers: [{ undated: "x" }], history: [{ created_by: "RUN x" }] }, `${name}:undated`),
    );
    try {
      const image = await read(engine, `${name}:undated`);
      assert.deepEqual(
        { historyPairing: image.historyPairing, createdBy: image.layers[0]?.step?.createdBy },
        { historyPairing: "exact", createdBy: "RUN x" },
      );
    } finally {
      await remove(rig, `${name}:undated`);
    }
  });
  testPodman("a missing image isn't found; another platform suggests what to pull", async () => {
    for (const [reference, options] of [
      [`${name}:absent`, {}],
      [`${name}:1`, { platform: { os: "linux", architecture: "s390x" } }],
    ] as const) {
      const answer = await engine.image(reference, options, signal);
      assert.equal(!answer.ok && answer.error.kind, "notFound");
    }
  });
  testPodman("layers of Podman's images are returned", async (rig) => {
    const client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
    try {
      const connection = socketConnection(rig.socketPath);
      const { read: layers } = await checkSource(createEngine(connection, client.layersOf(connection)), {
        reference: `${name}:1`,
        files: ["etc/more 4"],
      });
      checkIdentity(layers.image, content);
    } finally {
      client.dispose();
    }
  });
  testPodman("an index's digest isn't reported as a manifest's", async (rig) => {
    const registry = await sharedRegistry();
    // A separate image: Podman combines every name of an image with every digest it ever had.
    const pulled: FixtureImage = { ...tiny, config: { User: "eve" } };
    const multi = await imageContent([pulled, { ...pulled, platform: { os: "linux", architecture: "arm64" } }], {
      attestations: "each",
    });
    const reference = `${registry.host}/imagewright/podman:multi`;
    try {
      await pushImage(registry, { repository: "imagewright/podman", tag: "multi" }, multi);
      await askEngine(rig.socketPath, {
        method: "POST",
        path: `/v4.0.0/libpod/images/pull?reference=${reference}&tlsVerify=false`,
      });
      const image = await read(engine, reference);
      assert.deepEqual(
        { manifestDigest: image.manifestDigest, indexDigest: image.indexDigest },
        { manifestDigest: undefined, indexDigest: undefined },
      );
      const digests = [multi.root.digest, multi.images[0]?.manifest.digest].map(
        (digest) => `${registry.host}/imagewright/podman@${digest}`,
      );
      assert.deepEqual([...image.repoDigests].sort(), digests.sort());
    } finally {
      await remove(rig, reference);
      await registry.stop();
    }
  });
  testPodman("a tag that moves leaves a dangling image; layers of a build aren't images", async (rig) => {
    const build = async (text: string): Promise<unknown> =>
      askEngine(rig.socketPath, {
        method: "POST",
        path: `/build?t=${name}:moving&layers=true`,
        body: await layerTar({ Dockerfile: `FROM scratch\nCOPY Dockerfile /a\nLABEL l=${text}\nCOPY Dockerfile /b\n` }),
      });
    const before = await summaries(engine);
    await build("one");
    const first = await listed(engine, `${name}:moving`);
    await build("two");
    const list = await summaries(engine);
    try {
      assert.deepEqual(list.find(({ id }) => id === first.id)?.tags, []);
      assert.equal(list.length, before.length + 2);
    } finally {
      await remove(rig, `${name}:moving`);
      await remove(rig, first.id);
    }
  });
  testPodman("a container counts as a use of its image", async (rig) => {
    const container = await makeContainer(rig);
    try {
      assert.equal((await listed(engine, `${name}:1`)).containers, 1);
    } finally {
      await removeContainer(rig, container);
    }
  });
  testPodman("changes of images and containers are announced, and reading them isn't", async (rig) => {
    const seen: (string | "containers")[] = [];
    const image = await read(engine, `${name}:1`);
    const watch = await watching(rig.socketPath, (changes) => seen.push(...changes));
    const has = (what: string): boolean => seen.includes(what);
    // Podman reports with a delay; events of other tests may still arrive.
    const own = (): readonly string[] => seen.filter((what) => what === image.id || what === `${name}:2`);
    try {
      await summaries(engine);
      await read(engine, `${name}:1`);
      await askEngine(rig.socketPath, { path: `/images/${name}:1/get` });
      await askEngine(rig.socketPath, { method: "POST", path: `/images/${name}:1/tag?repo=${name}&tag=2` });
      await until(() => has(`${name}:2`));
      assert.deepEqual(own(), [image.id, `${name}:2`]);
      await remove(rig, `${name}:2`);
      await until(() => own().length === 4);
      await removeContainer(rig, await makeContainer(rig));
      await until(() => has("containers"));
      await loadImage(rig, await dockerArchive(tiny, `${name}:1`));
      await until(() => has("all"));
    } finally {
      watch.dispose();
    }
  });
  testPodman("events are followed again after the connection was lost", async (rig) => {
    const folder = await mkdtemp(join(tmpdir(), "iw-podman-"));
    const socketPath = join(folder, "p.sock");
    let door = await openDoor(socketPath, rig.socketPath);
    const seen: string[] = [];
    const watch = await watching(socketPath, (changes) => seen.push(...changes));
    try {
      await door.close();
      door = await openDoor(socketPath, rig.socketPath);
      await until(() => seen.includes("all"));
      await askEngine(rig.socketPath, { method: "POST", path: `/images/${name}:1/tag?repo=${name}&tag=2` });
      await until(() => seen.includes(`${name}:2`));
    } finally {
      watch.dispose();
      await door.close();
      await rm(folder, { recursive: true });
    }
  });
});

async function read(engine: Engine, reference: string): Promise<Image> {
  const image = await engine.image(reference, {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

async function summaries(engine: Engine): Promise<readonly ImageSummary[]> {
  const list = await engine.list(signal);
  assert.ok(list.ok, list.ok ? "" : list.error.message);
  return list.value;
}

async function listed(engine: Engine, tag: string): Promise<ImageSummary> {
  const found = (await summaries(engine)).filter(({ tags }) => tags.includes(tag));
  const [image] = found;
  assert.ok(image && found.length === 1, `${tag} is listed ${found.length} times`);
  return image;
}

async function remove(rig: Rig, reference: string): Promise<void> {
  await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${reference}?force=1` });
}

async function makeContainer(rig: Rig): Promise<string> {
  const answer = await askEngine(rig.socketPath, {
    method: "POST",
    path: "/containers/create",
    body: Buffer.from(JSON.stringify({ Image: `${name}:1`, Cmd: ["/x"] })),
    contentType: "application/json",
  });
  return (JSON.parse(answer.toString("utf8")) as { Id: string }).Id;
}

async function removeContainer(rig: Rig, id: string): Promise<void> {
  await askEngine(rig.socketPath, { method: "DELETE", path: `/containers/${id}` });
}

/** Follows events once connected: images by name or ID, "all", or "containers". */
async function watching(
  socketPath: string,
  onChange: (changes: readonly string[]) => void,
): Promise<{ dispose(): void }> {
  return new Promise((resolve) => {
    const watch = watchEngine(socketConnection(socketPath), {
      onImagesChanged: (changed) => onChange(changed === "all" ? ["all"] : changed),
      onContainersChanged: () => onChange(["containers"]),
      onConnection: ({ isConnected }) => isConnected && resolve(watch),
      debounceMs: 20,
    });
  });
}

/** A second socket to the engine, which can be closed without affecting others. */
async function openDoor(socketPath: string, enginePath: string): Promise<{ close(): Promise<unknown> }> {
  const open = new Set<Socket>();
  const server: Server = createServer((incoming) => {
    const outgoing = connect(enginePath);
    for (const socket of [incoming, outgoing]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => [incoming, outgoing].forEach((each) => each.destroy()));
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, "it did not come in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
