// Compares skopeo and crane with our reading of the same images in a registry, and of the same archives, field by
// field.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import type { ImageConfig } from "../../oci/core/config.ts";
import type { Image } from "../../oci/core/image.ts";
import { formatPlatform, type Platform } from "../../oci/core/platform.ts";
import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import { openArchive } from "../../oci/archive/archive.ts";
import { createRegistrySource, type RegistrySource } from "../../oci/registry/registry.ts";
import { buildByBuildKit } from "../rig/engines/build.ts";
import { runCommand } from "../rig/machine/command.ts";
import { chrootProgram } from "../rig/engines/containerdEngine.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { temporaryFolder } from "../rig/machine/folders.ts";
import type { Registry } from "../rig/registry/registry.ts";
import { sharedContainerdEngine, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { needPrograms, systemPrograms } from "../rig/machine/systemPackages.ts";
import { imageContent, writeLayout, type FixtureImage } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { sha256 } from "../support/images/rawBytes.ts";

const { signal } = new AbortController();
const repository = "imagewright/compare";
const amd64: Platform = { os: "linux", architecture: "amd64" };
const arm64: Platform = { os: "linux", architecture: "arm64", variant: "v8" };
const tiny = (platform: Platform): FixtureImage => ({
  platform,
  created: "2024-02-03T04:05:06.789Z",
  layers: [{ "etc/": "", "etc/hello": `hello ${platform.architecture}` }, { "bin/x": "x".repeat(5000) }],
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
  },
  history: [
    { created: "2024-01-01T00:00:00Z", created_by: "COPY etc /etc/ # buildkit", comment: "buildkit.dockerfile.v0" },
    { created_by: "ENV A=b", empty_layer: true },
    { created: "2024-01-01T00:00:00Z", created_by: "COPY bin/x /bin/ # buildkit" },
  ],
});
const dockerfile =
  'FROM scratch\nCOPY Dockerfile /a\nENV B="c d"\nLABEL x="y z"\nWORKDIR /w\nEXPOSE 8080\nUSER 1:1\nCOPY --chown=2:3 Dockerfile /b/\nENTRYPOINT ["/a"]\nCMD ["b"]\n';

let registry: Registry;
let containerd: Rig | undefined;
let source: RegistrySource;
const builtTag = (): string => `${registry.host}/${repository}:built`;
before(async () => {
  await needPrograms([systemPrograms.skopeo]);
  [registry, containerd] = await Promise.all([sharedRegistry(), sharedContainerdEngine()]);
  source = createRegistrySource({ defaultPlatform: amd64 });
  await pushImage(registry, { repository, tag: "docker" }, await imageContent(tiny(amd64), { mediaTypes: "docker" }));
  await pushImage(registry, { repository, tag: "oci" }, await imageContent(tiny(amd64)));
  await pushImage(
    registry,
    { repository, tag: "index" },
    await imageContent([tiny(amd64), tiny(arm64)], { attestations: "each" }),
  );
  if (containerd)
    await buildByBuildKit(containerd, { tag: builtTag(), dockerfile }, ["--provenance=mode=max", "--push"]);
});
after(async () => {
  if (containerd) await callEngine(containerd.socketPath, { method: "DELETE", path: `/images/${builtTag()}?force=1` });
  await containerd?.stop();
  await registry.stop();
});

/**
 * The compared images: single manifests of both kinds, both platforms of an index, and a Dockerfile built by BuildKit.
 */
const variants: readonly (readonly [tag: string, platform: Platform])[] = [
  ["docker", amd64],
  ["oci", amd64],
  ["index", amd64],
  ["index", arm64],
  ["built", amd64],
];

function forEachVariant(compare: (tag: string, platform: Platform) => Promise<void>): void {
  for (const [tag, platform] of variants) {
    const title = `${tag}, ${formatPlatform(platform)}`;
    if (tag === "built") testInSid(title, () => compare(tag, platform));
    else test(title, () => compare(tag, platform));
  }
}

/** Registers a test that needs BuildKit or crane, which come with the containerd engine. */
function testInSid(title: string, compare: () => Promise<void>): void {
  test(title, async (context) =>
    containerd ? compare() : context.skip("set it up with: node test/rig/engines/containerdEngine.ts"),
  );
}

function referenceTo(tag: string): ImageReference {
  const parsed = parseReference(`${registry.host}/${repository}:${tag}`);
  assert.ok(parsed.ok);
  return parsed.value;
}

async function imageOf(tag: string, platform: Platform): Promise<Image> {
  const image = await source.image(`${registry.host}/${repository}:${tag}`, { platform }, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

async function skopeo(
  command: string,
  tag: string,
  { architecture, variant }: Platform,
  ...flags: readonly string[]
): Promise<string> {
  const platform = [
    "--override-os=linux",
    `--override-arch=${architecture}`,
    ...(variant === undefined ? [] : [`--override-variant=${variant}`]),
  ];
  return runCommand(
    "skopeo",
    [
      ...platform,
      command,
      "--tls-verify=false",
      ...flags,
      `docker://${registry.host}/${repository}${tag === "" ? "" : `:${tag}`}`,
    ],
    { timeoutMs: 30_000 },
  );
}

async function crane(command: string, operand: string, ...flags: readonly string[]): Promise<string> {
  const [program = "", ...before] = await chrootProgram("usr/bin/crane");
  return runCommand(program, [...before, command, "--insecure", ...flags, operand], {
    timeoutMs: 30_000,
    env: { HOME: "/nonexistent" },
  });
}

/** An image config as stored in the registry. */
interface RawConfig {
  readonly created?: string;
  readonly os: string;
  readonly architecture: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history: readonly {
    readonly created?: string;
    readonly created_by?: string;
    readonly comment?: string;
    readonly empty_layer?: boolean;
  }[];
}

/** Our config in the specification's terms, without empty members. */
function specified({
  user,
  env,
  entrypoint,
  cmd,
  workingDir,
  labels,
  exposedPorts,
  volumes,
  stopSignal,
}: ImageConfig): Readonly<Record<string, unknown>> {
  const set = (names: readonly string[]): object | undefined =>
    names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, {}]));
  return filled({
    User: user,
    Env: env,
    Entrypoint: entrypoint,
    Cmd: cmd,
    WorkingDir: workingDir,
    Labels: labels,
    ExposedPorts: set(exposedPorts),
    Volumes: set(volumes),
    StopSignal: stopSignal,
  });
}

function filled(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== undefined &&
        value !== null &&
        value !== "" &&
        JSON.stringify(value) !== "{}" &&
        JSON.stringify(value) !== "[]",
    ),
  );
}

function checkConfig({ config }: Image, raw: RawConfig): void {
  // BuildKit sets ArgsEscaped, which only has a meaning on Windows and isn't read here.
  assert.deepEqual(specified(config), filled({ ...raw.config, ArgsEscaped: undefined }));
  assert.deepEqual(config.diffIds, raw.rootfs.diff_ids);
  assert.deepEqual(
    { created: config.created, os: config.platform.os, architecture: config.platform.architecture },
    { created: raw.created, os: raw.os, architecture: raw.architecture },
  );
  assert.deepEqual(
    config.history.map(({ created, createdBy, comment, isEmptyLayer }) => [created, createdBy, comment, isEmptyLayer]),
    raw.history.map((step) => [step.created, step.created_by, step.comment, step.empty_layer ?? false]),
  );
}

interface RawManifests {
  readonly manifests?: readonly {
    readonly digest: string;
    readonly mediaType: string;
    readonly size: number;
    readonly platform?: Platform;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  readonly mediaType: string;
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string; readonly mediaType: string; readonly size: number }[];
}

/** Compares our image with the document that its name points to. */
function checkRoot(image: Image, text: string): void {
  assert.equal(image.indexDigest ?? image.manifestDigest, sha256(text));
  const root = JSON.parse(text) as RawManifests;
  const said = image.manifests?.map(({ digest, mediaType, annotations }) => ({ digest, mediaType, annotations }));
  const single = [{ digest: sha256(text), mediaType: root.mediaType, annotations: {} }];
  assert.deepEqual(
    said,
    root.manifests?.map(({ digest, mediaType, annotations = {} }) => ({ digest, mediaType, annotations })) ?? single,
  );
}

describe("images of a registry and of skopeo", () => {
  describe("an image equals skopeo's inspect", () => {
    forEachVariant(async (tag, platform) => {
      const image = await imageOf(tag, platform);
      const said = JSON.parse(await skopeo("inspect", tag, platform)) as {
        Name: string;
        Digest: string;
        RepoTags: string[];
        Created: string;
        Labels: object | null;
        Architecture: string;
        Os: string;
        Layers: string[];
        Env: string[];
      };
      assert.equal(said.Name, `${registry.host}/${repository}`);
      assert.equal(said.Digest, image.indexDigest ?? image.manifestDigest);
      assert.equal(Date.parse(said.Created), Date.parse(image.config.created ?? ""));
      assert.deepEqual(
        { Os: said.Os, Architecture: said.Architecture, Env: said.Env, Labels: said.Labels },
        {
          Os: image.platform.os,
          Architecture: image.platform.architecture,
          Env: image.config.env,
          Labels: image.config.labels,
        },
      );
      assert.deepEqual(
        said.Layers,
        image.layers.map(({ digest }) => digest),
      );
    });
  });
  describe("a config equals skopeo's inspect --config", () => {
    forEachVariant(async (tag, platform) => {
      const image = await imageOf(tag, platform);
      const raw = await skopeo("inspect", tag, platform, "--config", "--raw");
      assert.equal(sha256(raw), image.configDigest);
      checkConfig(image, JSON.parse(raw) as RawConfig);
    });
  });
  describe("a manifest equals skopeo's inspect --raw", () => {
    forEachVariant(async (tag, platform) =>
      checkRoot(await imageOf(tag, platform), await skopeo("inspect", tag, platform, "--raw")),
    );
  });
  test("tags equal skopeo's list-tags", async () => {
    const tags = await source.tags(referenceTo("index"), signal);
    const said = JSON.parse(await skopeo("list-tags", "", amd64)) as { Tags: string[] };
    assert.deepEqual(tags.ok && [...tags.value.names].sort(), said.Tags.sort());
  });
  test("images in archives equal skopeo's inspect", async () => {
    const folder = await temporaryFolder("compare");
    try {
      await writeLayout(
        await imageContent([tiny(amd64), tiny(arm64)], { attestations: "each" }),
        join(folder.path, "layout"),
        "tiny:1",
      );
      await runCommand(
        "skopeo",
        [
          "--insecure-policy",
          "copy",
          "--quiet",
          `oci:${join(folder.path, "layout")}:1`,
          `docker-archive:${join(folder.path, "tiny.tar")}:tiny:1`,
        ],
        { timeoutMs: 30_000 },
      );
      for (const [transport, path] of [
        ["oci", join(folder.path, "layout")],
        ["docker-archive", join(folder.path, "tiny.tar")],
      ] as const) {
        const archive = await openArchive(path, {}, signal);
        assert.ok(archive.ok);
        const image = await archive.value.image("", { platform: amd64 }, signal);
        await archive.value.close();
        assert.ok(image.ok);
        const inspect = async (...flags: readonly string[]): Promise<string> =>
          runCommand(
            "skopeo",
            ["--override-os=linux", "--override-arch=amd64", "inspect", ...flags, `${transport}:${path}`],
            { timeoutMs: 30_000 },
          );
        const config = await inspect("--config", "--raw");
        assert.equal(sha256(config), image.value.configDigest);
        checkConfig(image.value, JSON.parse(config) as RawConfig);
        if (transport === "oci") checkRoot(image.value, await inspect("--raw"));
      }
    } finally {
      await folder.remove();
    }
  });
});

describe("images of a registry and of crane", () => {
  for (const [tag, platform] of variants)
    testInSid(`${tag}, ${formatPlatform(platform)}`, async () => {
      const [image, name, flag] = [
        await imageOf(tag, platform),
        `${registry.host}/${repository}:${tag}`,
        `--platform=${formatPlatform(platform)}`,
      ];
      assert.equal((await crane("digest", name)).trim(), image.indexDigest ?? image.manifestDigest);
      checkRoot(image, await crane("manifest", name));
      const isIndex = image.indexDigest !== undefined;
      if (isIndex) assert.equal((await crane("digest", name, flag)).trim(), image.manifestDigest);
      const manifest = JSON.parse(await crane("manifest", name, ...(isIndex ? [flag] : []))) as RawManifests;
      assert.deepEqual(
        image.layers.map(({ digest, mediaType, blobBytes }) => ({ digest, mediaType, size: blobBytes })),
        manifest.layers?.map(({ digest, mediaType, size }) => ({ digest, mediaType, size })),
      );
      assert.equal(image.configDigest, manifest.config?.digest);
      const config = await crane("config", name, ...(isIndex ? [flag] : []));
      assert.equal(sha256(config), image.configDigest);
      checkConfig(image, JSON.parse(config) as RawConfig);
    });
  testInSid("tags and repositories equal crane's ls and catalog", async () => {
    const tags = await source.tags(referenceTo("index"), signal);
    assert.deepEqual(
      tags.ok && [...tags.value.names].sort(),
      (await crane("ls", `${registry.host}/${repository}`)).trim().split("\n").sort(),
    );
    const repositories = await source.repositories(registry.host, signal);
    assert.deepEqual(
      repositories.ok && repositories.value.names,
      (await crane("catalog", registry.host)).trim().split("\n").sort(),
    );
  });
  testInSid("an attestation of BuildKit equals crane's blob", async () => {
    const image = await imageOf("built", amd64);
    const attestations = await source.attestations(image, signal);
    assert.ok(attestations.ok);
    assert.deepEqual(
      attestations.value.map(({ subject }) => subject),
      [image.manifestDigest],
    );
    const [statements] = attestations.value.map((attestation) => attestation.statements);
    assert.ok(statements?.ok);
    const [provenance] = statements.value;
    assert.ok(provenance);
    assert.match(provenance.predicateType ?? "", /^https:\/\/slsa\.dev\/provenance\//);
    const text = await source.statement(image, provenance, signal);
    assert.ok(text.ok);
    assert.equal(text.value, await crane("blob", `${registry.host}/${repository}@${provenance.digest}`));
    assert.equal((JSON.parse(text.value) as { predicateType: string }).predicateType, provenance.predicateType);
  });
});
