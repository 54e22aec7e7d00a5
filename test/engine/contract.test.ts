// One contract for every source: engines, registries, archives of every tool. Its results are recomputed from bytes
// that were obtained separately.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Platform } from "../../oci/core/platform.ts";
import { openArchive } from "../../oci/archive/archive.ts";
import type { Credentials } from "../../oci/credentials/credentials.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createLayerClient, type LayerClient } from "../../oci/layers/client.ts";
import { createRegistrySource } from "../../oci/registry/registry.ts";
import { createRegistryLayers } from "../../oci/registry/layers.ts";
import type { ImageReader, LayerReader } from "../../oci/source/source.ts";
import { runCommand } from "../rig/machine/command.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { temporaryFolder, type TemporaryFolder } from "../rig/machine/folders.ts";
import { startRegistry, type Registry } from "../rig/registry/registry.ts";
import { sharedContainerdEngine, sharedEngine, sharedPodman, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { needPrograms, systemPrograms } from "../rig/machine/systemPackages.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import {
  dockerArchive,
  layoutArchive,
  imageContent,
  writeLayout,
  type ImageContent,
  type FixtureImage,
  type ContentOptions,
} from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { startTokenService, type TokenService } from "../rig/registry/tokenService.ts";
import { checkContentsExact, checkExact, type Known } from "../support/images/checkExact.ts";
import { rawArchive, rawRegistry, rawTar, type RawBytes } from "../support/images/rawBytes.ts";
import { checkSource } from "../support/images/sourceContract.ts";

const { signal } = new AbortController();
const amd64: Platform = { os: "linux", architecture: "amd64" };
const arm64: Platform = { os: "linux", architecture: "arm64" };
const files = ["bin/tool 70000", "etc/hello 14"];
const tag = "imagewright.test/contract:1";
const user = { name: "ada", password: "tiny-secret" };

/** Whiteouts of both kinds, a hard link, the same layer twice, steps without one, and every member of a config. */
function tinyOf({ architecture }: Platform): FixtureImage {
  const created = "2024-01-01T00:00:00Z";
  return {
    platform: { os: "linux", architecture },
    layers: [
      {
        "etc/": "",
        "etc/hello": "hello",
        "etc/gone": "gone",
        "bin/": "",
        "bin/tool": { content: architecture.padEnd(70_000, "x"), mode: 0o755 },
        "var/": "",
        "var/old": "old",
      },
      {
        "etc/": "",
        "etc/.wh.gone": "",
        "etc/hello": "hello, changed",
        "etc/twin": { hardLink: "etc/hello" },
        "var/": "",
        "var/.wh..wh..opq": "",
      },
      { link: { link: "etc/hello" } },
      { link: { link: "etc/hello" } },
    ],
    config: {
      User: "ada",
      Env: ["A=b", "PATH=/bin"],
      Entrypoint: ["/bin/tool"],
      Cmd: ["run"],
      WorkingDir: "/etc",
      Labels: { l: "m" },
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/var": {} },
    },
    history: [
      { created, created_by: "COPY a / # buildkit" },
      { created, created_by: "ENV A=b", empty_layer: true },
      { created, created_by: "COPY b / # buildkit" },
      { created, created_by: "COPY c / # buildkit" },
      { created, created_by: "COPY d / # buildkit" },
      { created, created_by: 'CMD ["run"]', empty_layer: true },
    ],
  };
}

let folder: TemporaryFolder;
let engine: Rig;
let containerd: Rig | undefined;
let podman: Rig | undefined;
let plain: Registry;
let basic: Registry;
let guarded: Registry;
let tokens: TokenService;
before(async () => {
  await needPrograms([systemPrograms.skopeo]);
  folder = await temporaryFolder("contract");
  tokens = await startTokenService({ user: `${user.name}:${user.password}` });
  // ada, tiny-secret; hashed with bcrypt.
  [plain, basic, guarded] = await Promise.all([
    sharedRegistry(),
    startRegistry({ htpasswd: "ada:$2b$05$abcdefghijklmnopqrstuuyRHi7ExIQYkblQm0IyXgBC.srs6JmbW\n" }),
    startRegistry({ tokens }),
  ]);
  [engine, containerd, podman] = [await sharedEngine(), await sharedContainerdEngine(), await sharedPodman()];
  await writeLayout(await content(), join(folder.path, "layout"), tag);
});
after(async () => {
  for (const rig of [engine, containerd, podman]) {
    if (rig) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
    await rig?.stop();
  }
  for (const rig of [plain, basic, guarded, tokens]) await rig.stop();
  await folder.remove();
});

/** Both platforms under an index, with attestations. */
async function content(options: ContentOptions = {}): Promise<ImageContent> {
  return imageContent([tinyOf(amd64), tinyOf(arm64)], { attestations: "each", ...options });
}

interface Subject {
  readonly source: ImageReader & LayerReader;
  readonly reference: string;
  readonly platform?: Platform;
  readonly raw: RawBytes;
}

async function keepsContract(
  { source, reference, platform, raw }: Subject,
  known: readonly Known[],
  knownAfterReading = known,
): Promise<void> {
  const { image, read } = await checkSource(source, { reference, files, ...(platform && { platform }) });
  if (platform) assert.equal(image.platform.architecture, platform.architecture);
  await checkExact(image, raw, known);
  await checkExact(read.image, raw, knownAfterReading);
  await checkContentsExact(read, raw);
}

async function skopeo(...args: readonly string[]): Promise<void> {
  await runCommand("skopeo", ["--insecure-policy", "copy", "--quiet", ...args], { timeoutMs: 60_000 });
}

function pathOf(name: string): string {
  return join(folder.path, name);
}

const layout = (): string => `oci:${pathOf("layout")}:1`;

describe("engines keep to the source contract", () => {
  // A separate worker for each: one that already knows the layers wouldn't contact the engine.
  let client: LayerClient;
  beforeEach(() => {
    client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
  });
  afterEach(() => client.dispose());

  const subject = async (rig: Rig, archive: Buffer): Promise<Subject> => {
    await loadImage(rig, archive);
    const connection = socketConnection(rig.socketPath);
    return {
      source: createEngine(connection, client.layersOf(connection)),
      reference: tag,
      raw: await rawTar(await askEngine(rig.socketPath, { path: `/images/${tag}/get` })),
    };
  };
  test("a classic store keeps to the contract", async () => {
    await keepsContract(await subject(engine, await dockerArchive(tinyOf(amd64), tag)), ["configDigest"]);
  });
  test("a containerd store keeps to the contract", async (context) => {
    if (!containerd) return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
    const all: readonly Known[] = [
      "configDigest",
      "manifestDigest",
      "indexDigest",
      "manifests",
      "annotations",
      "layerDigests",
      "blobBytes",
    ];
    await keepsContract(
      await subject(containerd, await layoutArchive(await content(), tag)),
      ["manifestDigest", "indexDigest", "manifests"],
      all,
    );
  });
  test("Podman keeps to the contract", async (context) => {
    if (!podman) return context.skip("the runner could not start it");
    await keepsContract(await subject(podman, await dockerArchive(tinyOf(amd64), tag)), [
      "configDigest",
      "annotations",
    ]);
  });
});

const single: readonly Known[] = [
  "configDigest",
  "manifestDigest",
  "manifests",
  "annotations",
  "layerDigests",
  "blobBytes",
];
const indexed: readonly Known[] = [...single, "indexDigest"];

describe("registries keep to the source contract", () => {
  const login: Credentials = {
    find: () => Promise.resolve({ credential: { kind: "basic", username: user.name, password: user.password } }),
  };
  const authorization = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString("base64")}`;
  const subject = (
    registry: Registry,
    repository: string,
    platform: Platform,
    credentials?: Credentials,
  ): Omit<Subject, "raw"> => ({
    source: {
      ...createRegistrySource({ defaultPlatform: platform, ...(credentials && { credentials }) }),
      ...createRegistryLayers({
        insecureRegistries: [],
        credentials: credentials ?? { find: () => Promise.resolve({}) },
      }),
    },
    reference: `${registry.host}/${repository}:1`,
  });
  const plainly = async (repository: string, pushed: ImageContent, platform = amd64): Promise<Subject> => {
    await pushImage(plain, { repository, tag: "1" }, pushed);
    return { ...subject(plain, repository, platform), raw: rawRegistry({ host: plain.host, repository }) };
  };

  for (const mediaTypes of ["docker", "oci"] as const) {
    for (const compression of ["gzip", "zstd", "none"] as const) {
      test(`a single manifest of ${mediaTypes} types and compression "${compression}" keeps to the contract`, async () => {
        await keepsContract(
          await plainly(
            `contract/${mediaTypes}-${compression}`,
            await imageContent(tinyOf(amd64), { mediaTypes, compression }),
          ),
          single,
        );
      });
    }
  }
  for (const platform of [amd64, arm64]) {
    test(`an index with attestations keeps to the contract, with ${platform.architecture} requested and chosen`, async () => {
      const made = await plainly("contract/index", await content(), platform);
      await keepsContract(made, indexed);
      await keepsContract(
        { ...made, source: (await plainly("contract/index", await content())).source, platform },
        indexed,
      );
    });
  }
  test("a wrong media type, made by skopeo, keeps to the contract", async () => {
    await skopeo(layout(), `docker-archive:${pathOf("lying.tar")}:${tag}`);
    await skopeo(`docker-archive:${pathOf("lying.tar")}`, `dir:${pathOf("lying")}`);
    await skopeo(
      "--preserve-digests",
      "--dest-tls-verify=false",
      `dir:${pathOf("lying")}`,
      `docker://${plain.host}/contract/lying:1`,
    );
    const made = {
      ...subject(plain, "contract/lying", amd64),
      raw: rawRegistry({ host: plain.host, repository: "contract/lying" }),
    };
    await keepsContract(made, single);
    const image = await made.source.image(made.reference, {}, signal);
    assert.ok(image.ok);
    const [layer] = image.value.layers;
    assert.deepEqual(
      { mediaType: layer?.mediaType, digest: layer?.digest },
      { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", digest: layer?.diffId },
      "plain, and called gzip",
    );
  });
  test("a registry behind a password keeps to the contract", async () => {
    await pushImage(basic, { repository: "contract/a", tag: "1" }, await content(), {
      credentials: `${user.name}:${user.password}`,
    });
    await keepsContract(
      {
        ...subject(basic, "contract/a", amd64, login),
        raw: rawRegistry({ host: basic.host, repository: "contract/a", authorization }),
      },
      indexed,
    );
  });
  for (const [repository, credentials] of [
    ["private/a", login],
    ["public/a", undefined],
  ] as const) {
    test(`a registry behind a token service keeps to the contract for ${repository}`, async () => {
      await skopeo(
        "--all",
        "--preserve-digests",
        "--dest-tls-verify=false",
        `--dest-creds=${user.name}:${user.password}`,
        layout(),
        `docker://${guarded.host}/${repository}:1`,
      );
      const answer = await fetch(`${tokens.realm}?service=x&scope=repository:${repository}:pull`, {
        headers: { authorization },
      });
      const { token } = (await answer.json()) as { readonly token: string };
      await keepsContract(
        {
          ...subject(guarded, repository, amd64, credentials),
          raw: rawRegistry({ host: guarded.host, repository, authorization: `Bearer ${token}` }),
        },
        indexed,
      );
    });
  }
});

describe("archives keep to the source contract", () => {
  const keep = async (
    path: string,
    known: readonly Known[],
    { reference = "", platform }: { readonly reference?: string; readonly platform?: Platform } = {},
  ): Promise<void> => {
    const archive = await openArchive(path, {}, signal);
    assert.ok(archive.ok, archive.ok ? "" : archive.error.message);
    try {
      await keepsContract(
        { source: archive.value, reference, raw: await rawArchive(path), ...(platform && { platform }) },
        known,
      );
    } finally {
      await archive.value.close();
    }
  };
  const write = (name: string, bytes: Buffer): string => {
    writeFileSync(pathOf(name), bytes);
    return pathOf(name);
  };
  const docker: readonly Known[] = ["configDigest", "blobBytes"];

  test("docker save of a classic store keeps to the contract, plain, in gzip and in zstd", async () => {
    await loadImage(engine, await dockerArchive(tinyOf(amd64), tag));
    const saved = await askEngine(engine.socketPath, { path: `/images/${tag}/get` });
    for (const [name, bytes] of [
      ["classic.tar", saved],
      ["classic.tar.gz", gzipSync(saved)],
      ["classic.tar.zst", zstdCompressSync(saved)],
    ] as const)
      await keep(write(name, bytes), docker, { reference: tag });
  });
  test("docker save of a containerd store keeps to the contract for each platform", async (context) => {
    if (!containerd) return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
    await loadImage(containerd, await layoutArchive(await content(), tag));
    const path = write("containerd.tar", await askEngine(containerd.socketPath, { path: `/images/${tag}/get` }));
    for (const platform of [amd64, arm64]) await keep(path, indexed, { reference: tag, platform });
  });
  test("Podman's docker-archive and oci-archive keep to the contract", async (context) => {
    if (!podman) return context.skip("the runner could not start it");
    await loadImage(podman, await dockerArchive(tinyOf(amd64), tag));
    const saved = async (format: string): Promise<Buffer> =>
      askEngine(podman?.socketPath ?? "", { path: `/v4.0.0/libpod/images/${tag}/get?format=${format}` });
    await keep(write("podman-docker.tar", await saved("docker-archive")), docker);
    await keep(write("podman-oci.tar", await saved("oci-archive")), single);
  });
  test("skopeo's docker-archive keeps to the contract", async () => {
    await skopeo(layout(), `docker-archive:${pathOf("skopeo.tar")}:${tag}`);
    await keep(pathOf("skopeo.tar"), docker, { reference: tag });
  });
  test("skopeo's OCI layout keeps to the contract as folder and as tar, for each platform", async () => {
    await skopeo("--all", layout(), `oci:${pathOf("skopeo")}:1`);
    await skopeo("--all", layout(), `oci-archive:${pathOf("skopeo-oci.tar")}:1`);
    for (const platform of [amd64, arm64])
      for (const name of ["skopeo", "skopeo-oci.tar"]) await keep(pathOf(name), indexed, { platform });
  });
  for (const [compression, args] of [
    ["zstd", ["--dest-compress-format=zstd"]],
    ["gzip", []],
    ["plain", ["--dest-decompress"]],
  ] as const) {
    test(`skopeo's OCI layout of ${compression} layers keeps to the contract for one platform`, async () => {
      await skopeo(
        ...args,
        ...(compression === "plain" ? [] : ["--dest-compress"]),
        layout(),
        `oci:${pathOf(compression)}:1`,
      );
      await keep(pathOf(compression), single);
    });
  }
  for (const compression of ["gzip", "zstd", "none"] as const) {
    test(`an OCI layout with ${compression} layers and attestations keeps to the contract, also in gzip`, async () => {
      const path = write(`layout-${compression}.tar`, await layoutArchive(await content({ compression }), tag));
      for (const platform of [amd64, arm64]) await keep(path, indexed, { platform });
      await keep(write(`layout-${compression}.tar.gz`, gzipSync(readFileSync(path))), indexed, { reference: tag });
    });
  }
  const other = "imagewright.test/contract-other:1";
  const both = `/images/get?names=${encodeURIComponent(other)}&names=${encodeURIComponent(tag)}`;
  test("docker save of several images and platforms of a containerd store keeps to the contract", async (context) => {
    if (!containerd) return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
    await loadImage(containerd, await layoutArchive(await content(), tag));
    await loadImage(
      containerd,
      await layoutArchive(
        await imageContent([{ layers: [{ other: "1" }] }, { layers: [{ other: "2" }], platform: arm64 }], {
          attestations: "each",
        }),
        other,
      ),
    );
    try {
      const path = write("four.tar", await askEngine(containerd.socketPath, { path: both }));
      for (const platform of [amd64, arm64]) await keep(path, indexed, { reference: tag, platform });
    } finally {
      await callEngine(containerd.socketPath, { method: "DELETE", path: `/images/${other}?force=1` });
    }
  });
  test("docker save of several images keeps to the contract", async () => {
    await loadImage(engine, await dockerArchive(tinyOf(amd64), tag));
    await loadImage(engine, await dockerArchive({ layers: [{ other: "1" }] }, other));
    try {
      const path = write("two.tar", await askEngine(engine.socketPath, { path: both }));
      await keep(path, docker, { reference: tag });
    } finally {
      await callEngine(engine.socketPath, { method: "DELETE", path: `/images/${other}?force=1` });
    }
  });
});
