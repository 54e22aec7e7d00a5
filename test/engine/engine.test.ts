import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { watchEngine } from "../../oci/engine/events.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { fetchBaseImage } from "../../dockerfile/facts/fetch/baseImage.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { sharedEngine } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type ImageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { checkIdentity, digestsInTar } from "../support/images/checkIdentity.ts";

const signal = new AbortController().signal;
const tiny: FixtureImage = {
  layers: [{ "etc/": { directory: true }, "etc/hello": "x".repeat(1000) }, { "etc/.wh.hello": "" }],
  config: { Env: ["A=b"], User: "ada", WorkingDir: "/w", Cmd: ["run"], Labels: { l: "m" } },
  history: [
    { created: "2024-01-01T00:00:00Z", created_by: "COPY hello /etc/ # buildkit" },
    { created_by: "ENV A=b", empty_layer: true },
    { created_by: "COPY .wh /etc/ # buildkit" },
    { created_by: 'CMD ["run"]', empty_layer: true },
  ],
};
const name = "imagewright.test/engine";

function engineOf(rig: Rig): Engine {
  return createEngine(socketConnection(rig.socketPath), unsupportedLayers);
}

async function remove(rig: Rig, reference: string): Promise<void> {
  await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${reference}?force=1` });
}

describe("an engine with the classic store", () => {
  let rig: Rig;
  let content: ImageContent;
  before(async () => {
    rig = await sharedEngine();
    content = await imageContent(tiny);
    await loadImage(rig, await dockerArchive(tiny, `${name}:1`, `${name}:2`));
  });
  after(async () => {
    for (const tag of ["1", "2", "3"]) await remove(rig, `${name}:${tag}`);
    await rig.stop();
  });

  test("ping reports the API version", async () => {
    const pong = await engineOf(rig).ping(signal);
    assert.match(pong.ok ? pong.value.apiVersion : "", /^1\.\d+$/);
  });
  test("the list has an image once, with all its tags", async () => {
    const list = await engineOf(rig).list(signal);
    assert.ok(list.ok);
    const mine = list.value.filter(({ tags }) => tags.some((tag) => tag.startsWith(name)));
    assert.deepEqual(
      mine.map(({ tags }) => [...tags].sort()),
      [[`${name}:1`, `${name}:2`]],
    );
  });
  test("an image is read by name and by ID, with exact identity and config", async () => {
    const byName = await engineOf(rig).image(`${name}:1`, {}, signal);
    assert.ok(byName.ok);
    checkIdentity(byName.value, content);
    if (rig.kind === "graphdriver") assert.equal(byName.value.configDigest, byName.value.id);
    const { config, platform } = byName.value;
    assert.deepEqual(
      { user: config.user, workingDir: config.workingDir, env: config.env, cmd: config.cmd, labels: config.labels },
      { user: "ada", workingDir: "/w", env: ["A=b"], cmd: ["run"], labels: { l: "m" } },
    );
    assert.deepEqual(platform, { os: "linux", architecture: "amd64" });
    const byId = await engineOf(rig).image(byName.value.id, {}, signal);
    assert.deepEqual(byId.ok && byId.value.layers, byName.value.layers);
  });
  test("the history is paired without flags, and marked as inferred", async () => {
    const image = await engineOf(rig).image(`${name}:1`, {}, signal);
    assert.ok(image.ok);
    assert.equal(image.value.historyPairing, "inferred");
    assert.deepEqual(
      image.value.layers.map(({ step, emptyStepsBefore }) => [step?.createdBy, emptyStepsBefore.length]),
      [
        ["COPY hello /etc/ # buildkit", 0],
        ["COPY .wh /etc/ # buildkit", 1],
      ],
    );
    assert.deepEqual(
      image.value.emptyStepsAfter.map(({ createdBy }) => createdBy),
      ['CMD ["run"]'],
    );
  });
  test("every DiffID is the digest of bytes that the engine saves", async () => {
    const image = await engineOf(rig).image(`${name}:1`, {}, signal);
    assert.ok(image.ok);
    const digests = await digestsInTar(await askEngine(rig.socketPath, { path: `/images/${name}:1/get` }));
    for (const { diffId } of image.value.layers) assert.ok(digests.has(diffId), diffId);
  });
  test("a missing image isn't found, a missing platform suggests what to pull", async () => {
    const absent = await engineOf(rig).image(`${name}:absent`, {}, signal);
    assert.equal(!absent.ok && absent.error.kind, "notFound");
    const other = await engineOf(rig).image(`${name}:1`, { platform: { os: "linux", architecture: "s390x" } }, signal);
    assert.equal(!other.ok && other.error.kind, "notFound");
  });
  test("a base image's size is its content", async () => {
    const fact = await fetchBaseImage({ kind: "baseImage", reference: `${name}:1` }, engineOf(rig), signal);
    assert.ok(fact.state === "known");
    if (rig.kind === "graphdriver") assert.equal(fact.value.bytes, 1000);
    assert.deepEqual({ user: fact.value.user, workingDir: fact.value.workingDir }, { user: "ada", workingDir: "/w" });
    assert.match(fact.value.platform ?? "", /^linux\/\w+/);
    // Only the containerd store distinguishes a single manifest from an index.
    assert.equal(fact.value.isSinglePlatform, rig.kind === "graphdriver" ? undefined : true);
    const absent = await fetchBaseImage({ kind: "baseImage", reference: `${name}:absent` }, engineOf(rig), signal);
    assert.match(
      absent.state === "unavailable" ? absent.reason : "",
      /; run "docker pull imagewright\.test\/engine:absent"/,
    );
  });
  test("tagging, untagging and loading are announced; reading and saving aren't", async () => {
    const seen: (readonly string[] | "all")[] = [];
    let isConnected = (): void => undefined;
    const connected = new Promise<void>((resolve) => (isConnected = resolve));
    const watch = watchEngine(socketConnection(rig.socketPath), {
      onImagesChanged: (changed) => seen.push(changed),
      onConnection: () => isConnected(),
      debounceMs: 20,
    });
    try {
      await connected;
      const image = await engineOf(rig).image(`${name}:1`, {}, signal);
      assert.ok(image.ok);
      await askEngine(rig.socketPath, { path: `/images/${name}:1/get` });
      await new Promise((resolve) => setTimeout(resolve, 200));
      // Other test files use the same engine, so only this image counts.
      const own = (): number => seen.filter((changed) => changed === "all" || changed.includes(image.value.id)).length;
      const before = own();
      await askEngine(rig.socketPath, { method: "POST", path: `/images/${name}:1/tag?repo=${name}&tag=3` });
      await until(() => own() === before + 1);
      await remove(rig, `${name}:3`);
      await until(() => own() === before + 2);
    } finally {
      watch.dispose();
    }
  });
});

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, "it did not come in 5 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
