import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findLayers } from "../../client/src/actions/findLayers.ts";
import type { ActionParts, LayerFinder } from "../../client/src/actions/actionParts.ts";
import { isEngine } from "../../client/src/actions/targets.ts";
import { childrenOf } from "../../client/src/images/children.ts";
import { Sources } from "../../client/src/sources/sources.ts";
import { missingBlobs } from "../../oci/source/missingBlobs.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { imagewright, type CliResult } from "../cli/run.ts";
import { scriptedDialogs } from "../client/actions/scriptedDialogs.ts";
import { context, draw, engineNode, never, rowOf } from "../client/images/fakeTree.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { startContainerdEngine } from "../rig/engines/containerdEngine.ts";
import { sharedContainerdEngine, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { dockerArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import type { Registry } from "../rig/registry/registry.ts";

const created = "2024-02-03T04:05:06Z";
const step = (text: string) => ({ created, created_by: text });
const parent: FixtureImage = {
  layers: [
    { "etc/": "", "etc/lost": "parent" },
    { "app/": "", "app/run": "x".repeat(50_000) },
  ],
  config: { User: "ada", Cmd: ["/app/run"] },
  history: [step("COPY etc /etc"), step("COPY app /app")],
  created,
};
const child: FixtureImage = {
  layers: [...parent.layers, { "app/more": "child" }],
  config: { User: "eve" },
  history: [...(parent.history ?? []), step("COPY more /app")],
  created,
};
/** The same history as the parent, and another content. */
const rebuilt: FixtureImage = { ...parent, layers: [{ "etc/": "", "etc/lost": "another" }, parent.layers[1] ?? {}] };
const local = "imagewright.test/blobs";

/** An engine with containerd's store. */
interface Store {
  readonly name: string;
  /** Undefined means a skip. */
  start(): Promise<Rig | undefined>;
  readonly howToStart: string;
  /** True if its list has the image, and its answer about the image has nothing of the configuration. */
  readonly listsIt: boolean;
}

// Docker 25 to 27 take as long to set up as all other engines together.
const docker26 = "IMAGEWRIGHT_TEST_DOCKER_26";
const stores: readonly Store[] = [
  {
    name: "Docker 28",
    start: sharedContainerdEngine,
    howToStart: "set it up with: node test/rig/engines/containerdEngine.ts",
    listsIt: true,
  },
  {
    name: "Docker 26",
    start: async () => (process.env[docker26] ? startContainerdEngine("trixie") : undefined),
    howToStart: `${docker26}=1 sets it up and runs this`,
    listsIt: false,
  },
];

for (const store of stores) describe(`an image whose blobs the store of ${store.name} lacks`, () => testsOf(store));

function testsOf({ start, howToStart, listsIt }: Store): void {
  let rig: Rig | undefined;
  let registry: Registry;
  let name = "";
  const ask = (...args: readonly string[]): Promise<CliResult> =>
    imagewright([...args, "--engine", `unix://${rig?.socketPath ?? ""}`]);
  before(async () => {
    rig = await start();
    if (!rig) return;
    registry = await sharedRegistry();
    name = `${registry.host}/missing-blobs`;
    await loadImage(rig, await dockerArchive(parent, `${local}:parent`));
    await loadImage(rig, await dockerArchive(rebuilt, `${local}:rebuilt`));
    for (const [tag, image] of [
      ["same", parent],
      ["child", child],
    ] as const) {
      await pushImage(registry, { repository: "missing-blobs", tag }, await imageContent(image));
      await askEngine(rig.socketPath, { method: "POST", path: `/images/create?fromImage=${name}&tag=${tag}` });
    }
  });
  after(async () => {
    for (const image of [`${local}:parent`, `${local}:rebuilt`, `${name}:same`, `${name}:child`])
      if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${image}?force=1` });
    await registry?.stop();
    await rig?.stop();
  });

  function testStore(claim: string, run: (engineRig: Rig) => Promise<void>): void {
    test(claim, async (context_) => (rig ? run(rig) : context_.skip(howToStart)));
  }

  testStore("inspect shows its history, and of its configuration what the engine says", async () => {
    const { code, stdout } = await ask("inspect", `${name}:same`, "--format", "json");
    const { image, history, layers } = JSON.parse(stdout) as {
      image: { user: string | null; cmd: unknown; contentFrom: string };
      history: { createdBy: string }[];
      layers: unknown[];
    };
    assert.deepEqual(
      [code, image.contentFrom, history.map(({ createdBy }) => createdBy)],
      [0, "nowhere", ["COPY etc /etc", "COPY app /app"]],
    );
    assert.deepEqual([image.user, image.cmd, layers.length], listsIt ? [null, null, 0] : ["ada", ["/app/run"], 2]);
    const { stdout: text } = await ask("inspect", `${name}:same`);
    assert.match(text, listsIt ? /Configuration\n +unknown: / : /Configuration\n +user +ada\n/);
  });

  testStore("layers come from the local image with the same config, not from one with the same history", async () => {
    const { code, stdout, stderr } = await ask("layers", `${name}:same`, "--format", "json");
    const { layers } = JSON.parse(stdout) as { layers: { diffId: string }[] };
    const { images } = await imageContent(parent);
    assert.deepEqual([code, layers.map(({ diffId }) => diffId)], [0, images[0]?.diffIds]);
    assert.match(stderr, /imagewright\.test\/blobs:parent, the same image/);
    const { stdout: file } = await ask("cat", `${name}:same`, "/etc/lost");
    assert.equal(file, "parent");
    assert.equal((await ask("diff", `${local}:parent`, `${name}:same`)).code, 0);
  });

  testStore("with --allow-registry layers come from the registry, by digest", async () => {
    const { stdout, stderr } = await ask("layers", `${name}:child`, "--allow-registry", "--format", "json");
    const { layers } = JSON.parse(stdout) as { layers: { diffId: string }[] };
    assert.deepEqual(
      layers.map(({ diffId }) => diffId),
      (await imageContent(child)).images[0]?.diffIds,
    );
    assert.match(stderr, new RegExp(`read from ${name}@sha256:`));
    assert.equal((await ask("cat", `${name}:child`, "/app/more", "--allow-registry")).stdout, "child");
  });

  testStore("else a container is exported, and removed again", async (engineRig) => {
    const { code, stdout, stderr } = await ask("layers", `${name}:child`, "--files", "--format", "json");
    const { image, layers } = JSON.parse(stdout) as {
      image: { user: string | null; contentFrom: string };
      layers: unknown[];
    };
    assert.deepEqual([code, image.contentFrom, image.user, layers.length], [0, "container", null, 1]);
    assert.match(stdout, /"app\/more"/);
    assert.match(stderr, /whole file system as one layer, exported from a container/);
    assert.equal((await ask("cat", `${name}:child`, "/app/more")).stdout, "child");
    const compared = await ask("diff", `${local}:parent`, `${name}:child`);
    assert.match(compared.stderr, /configuration of .*:child is unknown and isn't compared/);
    const containers = JSON.parse(
      (await askEngine(engineRig.socketPath, { path: "/containers/json?all=1" })).toString("utf8"),
    ) as { Image: string }[];
    assert.deepEqual(
      containers.filter(({ Image }) => Image.includes("missing-blobs")),
      [],
    );
  });

  testStore("no message says to pull it again", async () => {
    const { stdout, stderr } = await ask("images");
    assert.doesNotMatch(stderr, /pull it again/);
    assert.equal(stdout.includes(`${name}:same`), listsIt);
    assert.doesNotMatch(missingBlobs({ reference: "a" }).message, /pull it again/);
  });

  testStore("the tree shows its history, and its layers once the user says where they are", async (engineRig) => {
    if (!listsIt) return;
    const layers = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
    const sources = new Sources({
      layers,
      settings: () => ({
        engineHost: `unix://${engineRig.socketPath}`,
        furtherEngines: [],
        insecureRegistries: [],
        isNetworkAllowed: true,
      }),
      isTrusted: () => true,
      onSources: () => undefined,
      onImages: () => undefined,
      onImage: () => undefined,
      onNotice: (text) => assert.fail(text),
    });
    try {
      await sources.connect();
      for (const [tag, answer, count] of [
        ["same", "Another Local Image", 2],
        ["child", "Registry", 3],
        ["child", "Container", 1],
      ] as const)
        await checkChoice(sources, layers, { tag, answer, count });
    } finally {
      sources.dispose();
    }
  });

  interface Choosing {
    readonly tag: string;
    readonly answer: string;
    readonly count: number;
  }

  async function checkChoice(
    sources: Sources,
    { findLayers: find }: Pick<LayerFinder, "findLayers">,
    { tag, answer, count }: Choosing,
  ): Promise<void> {
    const source = sources.get("engine");
    assert.ok(source && isEngine(source));
    const found: LayerFinder = {
      findLayers: find,
      registryImage: sources.registryImage.bind(sources),
      insecureRegistries: () => [],
      noteRead: sources.noteRead.bind(sources),
    };
    const tree = (): Parameters<typeof draw>[1] =>
      context(
        {
          state: () =>
            Promise.resolve({ engines: [{ kind: "ready", source: engineNode }], archives: [], isTrusted: true }),
          source: () => ({ ...source, image: (id) => source.image(id, { allowMissingBlobs: true }, never) }),
        },
        { filter: `${name}:${tag}`, groupBy: "none" },
      );
    const on = tree();
    const row = await rowOf(`missing-blobs:${tag}`, undefined, on);
    assert.ok(row.kind === "image");
    assert.match(await draw(await rowOf("History", row, on), on), /COPY \| .*etc \/etc/);
    const dialogs = scriptedDialogs({ answers: [answer] });
    const parts: Partial<ActionParts> = { dialogs, layers: found };
    await findLayers({ source, summary: row.summary }, parts as ActionParts);
    dialogs.end();
    const later = tree();
    const rows = await childrenOf(await rowOf("Layers", row, later), later, never);
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      Array<string>(count).fill("layer"),
      dialogs.transcript.join("\n"),
    );
  }
}
