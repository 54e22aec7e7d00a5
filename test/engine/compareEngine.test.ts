// Compares an engine's own command line with our reading, field by field.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { formatBytes } from "../../oci/core/bytes.ts";
import type { ImageConfig } from "../../oci/core/config.ts";
import { shortDigest } from "../../oci/core/digest.ts";
import type { Image, ImageSummary } from "../../oci/core/image.ts";
import { formatPlatform } from "../../oci/core/platform.ts";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { buildByApi, buildByBuildKit } from "../rig/engines/build.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { engineCli, engineCliRows } from "../rig/engines/engineCli.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { sharedContainerdEngine, sharedEngine, sharedPodman } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, layoutArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";

const signal = new AbortController().signal;
const created = "2024-01-01T00:00:00Z";
const arm = { os: "linux", architecture: "arm64" } as const;
const name = "imagewright.test/compare";
const tiny: FixtureImage = {
  layers: [{ "etc/": { directory: true }, "etc/hello": "compare me" }, { "bin/x": "x".repeat(5000) }],
  config: {
    Env: ["A=b", "PATH=/bin"],
    User: "ada:staff",
    WorkingDir: "/w",
    Entrypoint: ["/bin/x", "a b"],
    Cmd: ["run"],
    Labels: { l: "m", "n.o": "" },
    ExposedPorts: { "80/tcp": {}, "53/udp": {} },
    Volumes: { "/v": {} },
    StopSignal: "SIGINT",
    Healthcheck: { Test: ["CMD-SHELL", "true"] },
    OnBuild: ["RUN y"],
    Shell: ["/bin/x", "-c"],
  },
  history: [
    { created, created_by: "COPY etc /etc/ # buildkit", comment: "buildkit.dockerfile.v0" },
    { created, created_by: "ENV A=b", empty_layer: true },
    { created, created_by: "COPY bin/x /bin/ # buildkit" },
  ],
};
const dockerfile = `FROM scratch AS base\nCOPY Dockerfile /a\nENV B="c d" E=\nFROM base\nLABEL x="y z"\nWORKDIR /w\nEXPOSE 8080\nUSER 1:1\nCOPY --chown=2:3 Dockerfile /b/\nHEALTHCHECK --interval=9s CMD true\nENTRYPOINT ["/a"]\nCMD ["b"]\n`;
const tags = { loaded: `${name}:loaded`, built: `${name}:built`, buildKit: `${name}:buildkit`, multi: `${name}:multi` };

/** The output of `docker image inspect` and `podman image inspect` for an image. */
interface Inspected {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[] | null;
  readonly Created: string;
  readonly Author: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly Size: number;
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: Readonly<Record<string, unknown>>;
  /** Podman's place for the health check. */
  readonly Healthcheck?: unknown;
}

interface Step {
  readonly CreatedBy: string;
  readonly CreatedAt: string;
  readonly Comment: string;
  readonly Size: string;
}

const openers: readonly (readonly [string, () => Promise<Rig | undefined>])[] = [
  ["docker, classic store", sharedEngine],
  ["docker, containerd store", sharedContainerdEngine],
  ["podman", sharedPodman],
];
for (const [title, open] of openers) {
  describe(title, () => {
    let rig: Rig | undefined;
    let engine: Engine;
    before(async () => {
      rig = await open();
      if (!rig) return;
      engine = createEngine(socketConnection(rig.socketPath), unsupportedLayers);
      await loadImage(rig, await dockerArchive(tiny, tags.loaded));
      await buildByApi(rig, { tag: tags.built, dockerfile });
    });
    after(async () => {
      for (const tag of [tags.loaded, tags.built])
        if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
      await rig?.stop();
    });

    for (const tag of [tags.loaded, tags.built]) {
      test(`the image ${tag.split(":")[1]} equals that of the engine's own CLI`, async (context) =>
        rig
          ? (rig.kind === "podman" ? comparePodman : compareDocker)(rig, await read(engine, tag))
          : context.skip("there is no such engine here"));
    }
    test("the list of images equals that of the engine's own CLI", async (context) => {
      if (!rig) return context.skip("there is no such engine here");
      const container = await makeContainer(rig);
      try {
        const list = await engine.list(signal);
        assert.ok(list.ok);
        assert.deepEqual(namesOf(list.value), rig.kind === "podman" ? await podmanNames(rig) : await dockerNames(rig));
        const used = list.value.find(({ tags: own }) => own.includes(tags.loaded));
        const containers = await engineCli(rig, "ps", "--all", "--quiet", "--filter", `ancestor=${tags.loaded}`);
        assert.deepEqual([used?.containers, containers.trim().split("\n").length], [1, 1]);
      } finally {
        await askEngine(rig.socketPath, { method: "DELETE", path: `/containers/${container}` });
      }
    });
  });
}

describe("docker with the containerd store and several manifests", () => {
  let rig: Rig | undefined;
  let engine: Engine;
  before(async () => {
    rig = await sharedContainerdEngine();
    if (!rig) return;
    engine = createEngine(socketConnection(rig.socketPath), unsupportedLayers);
    await buildByBuildKit(rig, { tag: tags.buildKit, dockerfile }, ["--provenance=mode=max"]);
    await loadImage(
      rig,
      await layoutArchive(
        await imageContent([tiny, { ...tiny, config: { User: "eve" }, platform: arm }], { attestations: "each" }),
        tags.multi,
      ),
    );
  });
  after(async () => {
    for (const tag of [tags.buildKit, tags.multi])
      if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
    await rig?.stop();
  });

  test("an image built by BuildKit and its provenance equal those of the CLI", async (context) => {
    if (!rig) return context.skip("there is no such engine here");
    const image = await read(engine, tags.buildKit);
    await compareDocker(rig, image);
    const [own, attestation] = image.manifests ?? [];
    assert.deepEqual(
      [own?.kind, own?.digest, attestation?.kind, attestation?.subject, image.manifests?.length],
      ["image", image.manifestDigest, "attestation", image.manifestDigest, 2],
    );
  });
  test("another platform of the image equals that of the CLI", async (context) => {
    if (!rig) return context.skip("there is no such engine here");
    const image = await engine.image(tags.multi, { platform: arm }, signal);
    assert.ok(image.ok);
    const [printed] = JSON.parse(
      await engineCli(rig, "image", "inspect", "--platform", "linux/arm64", tags.multi),
    ) as Inspected[];
    assert.ok(printed);
    // For a platform, the command line shows the manifest's digest as the ID.
    const { manifestDigest, config, platform } = image.value;
    assert.deepEqual(
      { manifestDigest, diffIds: config.diffIds, user: config.user, platform },
      { manifestDigest: printed.Id, diffIds: printed.RootFS.Layers, user: printed.Config["User"], platform: arm },
    );
    await compareHistory(
      image.value,
      await engineCliRows(rig, "history", "--no-trunc", "--human=false", "--platform", "linux/arm64", tags.multi),
    );
  });
  test("platforms have the digests and sizes of the CLI", async (context) => {
    if (!rig) return context.skip("there is no such engine here");
    const tree = await engineCli(rig, "image", "ls", "--tree");
    for (const tag of [tags.multi, tags.buildKit]) {
      const { manifests = [] } = await read(engine, tag);
      const own = manifests.filter(({ kind }) => kind === "image");
      assert.ok(own.length > 0);
      for (const { platform, digest, blobBytes = 0, unpackedBytes = 0 } of own) {
        const sizes = [blobBytes + unpackedBytes, blobBytes].map((bytes) =>
          formatBytes(bytes)
            .replace(/(\.\d*?)0+ /, "$1 ")
            .replace(/\.? /, ""),
        );
        const row = [platform && formatPlatform(platform), shortDigest(digest), ...sizes].join("\\s+");
        assert.match(tree, new RegExp(row), tag);
      }
    }
  });
});

async function read(engine: Engine, tag: string): Promise<Image> {
  const image = await engine.image(tag, {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

async function compareDocker(rig: Rig, image: Image): Promise<void> {
  const [printed] = JSON.parse(await engineCli(rig, "image", "inspect", image.reference)) as Inspected[];
  assert.ok(printed);
  assert.deepEqual(
    { id: image.id, tags: image.tags, repoDigests: image.repoDigests },
    { id: printed.Id, tags: printed.RepoTags, repoDigests: printed.RepoDigests ?? [] },
  );
  if (image.engineSizeKind === "content") assert.equal(image.engineBytes, printed.Size);
  compareConfig(image.config, printed);
  await compareHistory(image, await engineCliRows(rig, "history", "--no-trunc", "--human=false", image.reference));
}

/** Podman's own names are complete, its IDs lack the algorithm. */
async function comparePodman(rig: Rig, image: Image): Promise<void> {
  const [printed] = JSON.parse(await engineCli(rig, "image", "inspect", image.reference)) as (Inspected & {
    readonly History: readonly {
      readonly created_by?: string;
      readonly comment?: string;
      readonly empty_layer?: boolean;
    }[];
  })[];
  assert.ok(printed);
  assert.deepEqual(
    { id: image.id, tags: image.tags, repoDigests: image.repoDigests },
    { id: `sha256:${printed.Id}`, tags: printed.RepoTags, repoDigests: printed.RepoDigests ?? [] },
  );
  compareConfig(image.config, printed, new Set(["OnBuild", "Shell"]));
  assert.deepEqual(
    image.config.history.map(({ createdBy, comment, isEmptyLayer }) => [createdBy, comment, isEmptyLayer]),
    printed.History.map((step) => [step.created_by, step.comment, step.empty_layer ?? false]),
  );
  const rows = JSON.parse(await engineCli(rig, "history", "--no-trunc", "--format", "json", image.reference)) as {
    readonly size: number;
  }[];
  assert.deepEqual(
    image.config.history.map(({ engineBytes }) => engineBytes).reverse(),
    rows.map(({ size }) => size),
  );
}

/** `unsaid` lists members that the command line doesn't print. */
function compareConfig(
  config: ImageConfig,
  { Config, Healthcheck, RootFS, Os, Architecture, Created, Author }: Inspected,
  unsaid: ReadonlySet<string> = new Set(),
): void {
  assert.deepEqual(config.diffIds, RootFS.Layers);
  assert.deepEqual([config.platform.os, config.platform.architecture, config.author ?? ""], [Os, Architecture, Author]);
  assert.equal(Date.parse(config.created ?? ""), Date.parse(Created));
  const said = {
    User: config.user,
    Env: config.env,
    Entrypoint: config.entrypoint,
    Cmd: config.cmd,
    WorkingDir: config.workingDir,
    ExposedPorts: asSet(config.exposedPorts),
    Volumes: asSet(config.volumes),
    Labels: config.labels,
    StopSignal: config.stopSignal,
    Healthcheck: config.healthcheck,
    OnBuild: config.onBuild,
    Shell: config.shell,
  };
  const healthcheck = ((Config["Healthcheck"] ?? Healthcheck) as { readonly Test?: unknown } | undefined)?.Test;
  for (const [member, value] of Object.entries(said)) {
    if (!unsaid.has(member))
      assert.deepEqual(
        emptyToAbsent(value),
        emptyToAbsent(member === "Healthcheck" ? healthcheck : Config[member]),
        member,
      );
  }
}

async function compareHistory(image: Image, rows: readonly unknown[]): Promise<void> {
  const steps = [...(rows as readonly Step[])].reverse();
  assert.deepEqual(
    image.config.history.map(({ createdBy, comment = "" }) => [createdBy, comment]),
    steps.map((step) => [step.CreatedBy, step.Comment]),
  );
  assert.deepEqual(
    image.config.history.map((step) => (step.created === undefined ? undefined : Date.parse(step.created))),
    steps.map(({ CreatedAt }) => (CreatedAt.startsWith("0001") ? undefined : Date.parse(CreatedAt))),
  );
  assert.deepEqual(
    image.config.history.map(({ engineBytes = 0 }) => engineBytes),
    steps.map(({ Size }) => Number(Size)),
  );
  const layerBytes = image.layers.map(({ engineBytes = 0 }) => engineBytes);
  assert.equal(
    layerBytes.reduce((sum, bytes) => sum + bytes, 0),
    steps.reduce((sum, { Size }) => sum + Number(Size), 0),
  );
}

async function makeContainer(rig: Rig): Promise<string> {
  const answer = await askEngine(rig.socketPath, {
    method: "POST",
    path: "/containers/create",
    body: Buffer.from(JSON.stringify({ Image: tags.loaded, Cmd: ["/x"] })),
    contentType: "application/json",
  });
  return (JSON.parse(answer.toString("utf8")) as { Id: string }).Id;
}

/** A row for each name, and one for an image without names. */
function namesOf(images: readonly ImageSummary[]): readonly string[] {
  return images
    .flatMap(({ id, tags: own }) => (own.length === 0 ? [`${id} <none>`] : own.map((tag) => `${id} ${tag}`)))
    .sort();
}

async function dockerNames(rig: Rig): Promise<readonly string[]> {
  const rows = (await engineCliRows(rig, "image", "ls", "--no-trunc")) as readonly {
    readonly ID: string;
    readonly Repository: string;
    readonly Tag: string;
  }[];
  return rows.map(({ ID, Repository, Tag }) => `${ID} ${Tag === "<none>" ? Tag : `${Repository}:${Tag}`}`).sort();
}

async function podmanNames(rig: Rig): Promise<readonly string[]> {
  const rows = JSON.parse(await engineCli(rig, "images", "--format", "json")) as readonly {
    readonly Id: string;
    readonly Names?: readonly string[];
  }[];
  const images = rows.map(({ Id, Names = [] }) => ({
    id: `sha256:${Id}`,
    tags: Names.map((tag) => tag.replace("docker.io/library/", "")),
    repoDigests: [],
  }));
  // It prints an image once for each of its names.
  return [...new Set(namesOf(images))];
}

function asSet(keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

/** Null, absent, "", [] and {} all mean that nothing is set. */
function emptyToAbsent(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  return typeof value === "object" && Object.keys(value).length === 0 ? undefined : value;
}
