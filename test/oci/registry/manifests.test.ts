import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Image } from "../../../oci/core/image.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { sha256, imageContent, type ImageContent, type FixtureImage } from "../../rig/images/imageContent.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";
import type { FakeHttpServer } from "../../support/fakeHttpServer.ts";

const { signal } = new AbortController();
const amd64: FixtureImage = { layers: [{ a: "amd64" }] };
const arm64: FixtureImage = {
  layers: [{ a: "arm64" }],
  platform: { os: "linux", architecture: "arm64", variant: "v8" },
};
const indexType = "application/vnd.oci.image.index.v1+json";
const defaultPlatform = { os: "linux", architecture: "amd64" };

async function read(
  {
    server,
    source = createRegistrySource({ defaultPlatform }),
    rest = "a/b:1",
  }: {
    readonly server: FakeHttpServer;
    readonly source?: ReturnType<typeof createRegistrySource>;
    readonly rest?: string;
  },
  platform?: Image["platform"],
): Promise<Image> {
  const image = await source.image(`${server.host}/${rest}`, platform ? { platform } : {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

/** The same blobs under another index. */
function underIndex({ blobs, images }: ImageContent, manifests: readonly object[], more: object = {}): ImageContent {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests, ...more }));
  return {
    blobs: new Map([...blobs, [sha256(bytes), bytes]]),
    images,
    root: { mediaType: indexType, digest: sha256(bytes), size: bytes.length },
  };
}

describe("the manifests of a name", () => {
  test("every manifest of the index is listed in order, attestations with their subjects", async () => {
    const content = await imageContent([amd64, arm64], { attestations: "each" });
    const [first, second] = content.images.map(({ manifest }) => manifest.digest);
    const { manifests = [] } = await read({ server: await serve(registry(content)) });
    assert.deepEqual(
      manifests.map(({ kind, platform, subject }) => [kind, platform?.architecture, subject]),
      [
        ["image", "amd64", undefined],
        ["image", "arm64", undefined],
        ["attestation", undefined, first],
        ["attestation", undefined, second],
      ],
    );
    assert.deepEqual(
      manifests.slice(0, 2).map(({ digest, isAvailable }) => [digest, isAvailable]),
      [
        [first, undefined],
        [second, undefined],
      ],
    );
  });
  test("sizes are reported only for manifests that were read", async () => {
    const content = await imageContent([{ layers: [{ a: "1" }, { a: "1" }, { b: "2" }] }, arm64]);
    const built = content.images[0];
    const { manifests = [] } = await read({ server: await serve(registry(content)) });
    const blobs = new Set([
      built?.manifest.digest ?? "",
      built?.configDigest ?? "",
      ...(built?.layers.map(({ digest }) => digest) ?? []),
    ]);
    assert.deepEqual(
      manifests.map(({ blobBytes }) => blobBytes),
      [[...blobs].reduce((sum, digest) => sum + (content.blobs.get(digest)?.length ?? 0), 0), undefined],
    );
  });
  test("a single manifest is listed alone", async () => {
    const content = await imageContent(arm64, { mediaTypes: "docker" });
    const { manifests } = await read({ server: await serve(registry(content)) });
    assert.deepEqual(
      manifests?.map(({ digest, mediaType, kind, platform }) => [digest, mediaType, kind, platform?.variant]),
      [[content.root.digest, "application/vnd.docker.distribution.manifest.v2+json", "image", "v8"]],
    );
  });
  test("a nested index is opened only if it contains the image", async () => {
    const [inner, other] = [
      await imageContent([amd64, arm64]),
      await imageContent([{ ...arm64, platform: { os: "linux", architecture: "s390x" } }], { index: "always" }),
    ];
    const outer = underIndex({ ...inner, blobs: new Map([...inner.blobs, ...other.blobs]) }, [
      { ...inner.root, platform: defaultPlatform },
      { ...other.root, platform: { os: "linux", architecture: "s390x" } },
      {
        ...inner.root,
        digest: sha256("sbom"),
        artifactType: "application/spdx+json",
        mediaType: "application/vnd.oci.image.manifest.v1+json",
      },
    ]);
    const server = await serve(registry(outer));
    const { manifests = [], indexDigest } = await read({ server });
    assert.deepEqual(
      manifests.map(({ digest, kind, mediaType }) => [digest, kind, mediaType === indexType]),
      [
        [inner.images[0]?.manifest.digest, "image", false],
        [inner.images[1]?.manifest.digest, "image", false],
        [other.root.digest, "unknown", true],
        [sha256("sbom"), "unknown", false],
      ],
    );
    assert.equal(indexDigest, outer.root.digest);
  });
  test("annotations are merged from the index, its entry and the manifest, the nearest overriding", async () => {
    const content = await imageContent(amd64);
    const { digest } = content.root;
    const manifest = Buffer.from(
      JSON.stringify({ ...(JSON.parse(String(content.blobs.get(digest))) as object), annotations: { c: "manifest" } }),
    );
    const annotated = { ...content, blobs: new Map([...content.blobs, [sha256(manifest), manifest]]) };
    const entry = {
      mediaType: content.root.mediaType,
      digest: sha256(manifest),
      size: manifest.length,
      platform: defaultPlatform,
      annotations: { b: "entry", c: "entry" },
    };
    const image = await read({
      server: await serve(
        registry(underIndex(annotated, [entry], { annotations: { a: "index", b: "index", c: "index" } })),
      ),
    });
    assert.deepEqual(image.annotations, { a: "index", b: "entry", c: "manifest" });
    assert.deepEqual(image.manifests?.[0]?.annotations, { b: "entry", c: "entry" });
  });
});

describe("requests for an image", () => {
  const lines = ({ requests }: FakeHttpServer): readonly string[] =>
    requests.map(({ line }) => line.replace(/sha256:([0-9a-f]{6})[0-9a-f]+/, "$1"));
  const short = (digest = ""): string => digest.slice(7, 13);

  test("an image takes one request each for name, index, manifest and config; its other platforms less", async () => {
    const content = await imageContent([amd64, arm64], { attestations: "each" });
    const server = await serve(registry(content));
    const source = createRegistrySource({ defaultPlatform });
    await read({ server, source });
    const [first, second] = content.images;
    const name = ["HEAD /v2/a/b/manifests/1"];
    const expected = [
      ...name,
      `GET /v2/a/b/manifests/${short(content.root.digest)}`,
      `GET /v2/a/b/manifests/${short(first?.manifest.digest)}`,
      `GET /v2/a/b/blobs/${short(first?.configDigest)}`,
    ];
    assert.deepEqual(lines(server), expected);
    const arm = await read({ server, source }, { os: "linux", architecture: "arm64" });
    assert.equal(arm.manifestDigest, second?.manifest.digest);
    assert.deepEqual(lines(server).slice(expected.length), [
      ...name,
      `GET /v2/a/b/manifests/${short(second?.manifest.digest)}`,
      `GET /v2/a/b/blobs/${short(second?.configDigest)}`,
    ]);
  });
  test("an image takes no more requests if the registry doesn't support HEAD", async () => {
    const content = await imageContent(amd64);
    const server = await serve((request, response, index) =>
      request.line.startsWith("HEAD")
        ? void response.writeHead(405).end()
        : registry(content)(request, response, index),
    );
    await read({ server });
    assert.deepEqual(lines(server), [
      "HEAD /v2/a/b/manifests/1",
      "GET /v2/a/b/manifests/1",
      `GET /v2/a/b/blobs/${short(content.images[0]?.configDigest)}`,
    ]);
  });
  test("an image with a known digest needs no request for its name, and its tag is ignored", async () => {
    const content = await imageContent(amd64);
    const server = await serve(registry(content));
    const image = await read({ server, rest: `a/b:1@${content.root.digest}` });
    assert.deepEqual(lines(server), [
      `GET /v2/a/b/manifests/${short(content.root.digest)}`,
      `GET /v2/a/b/blobs/${short(content.images[0]?.configDigest)}`,
    ]);
    assert.deepEqual(image.tags, []);
  });
});

describe("invalid documents", () => {
  const failureOf = async (content: ImageContent, platform?: Image["platform"]): Promise<string> => {
    const server = await serve(registry(content));
    const image = await createRegistrySource({ defaultPlatform }).image(
      `${server.host}/a/b:1`,
      platform ? { platform } : {},
      signal,
    );
    return image.ok ? "ok" : `${image.error.kind}: ${image.error.message}`;
  };
  const withConfig = async (
    change: (config: { rootfs: { diff_ids: string[] }; history: object[] }) => void,
  ): Promise<ImageContent> => {
    const content = await imageContent({ layers: [{ a: "1" }, { b: "2" }] });
    const config = JSON.parse(String(content.blobs.get(content.images[0]?.configDigest ?? ""))) as Parameters<
      typeof change
    >[0];
    change(config);
    const bytes = Buffer.from(JSON.stringify(config));
    const manifest = JSON.parse(String(content.blobs.get(content.root.digest))) as object;
    const changed = Buffer.from(
      JSON.stringify({
        ...manifest,
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256(bytes), size: bytes.length },
      }),
    );
    return {
      ...content,
      blobs: new Map([...content.blobs, [sha256(bytes), bytes], [sha256(changed), changed]]),
      root: { ...content.root, digest: sha256(changed) },
    };
  };

  test("an artifact is reported by kind, and its content is not fetched", async () => {
    const bytes = Buffer.from(
      JSON.stringify({
        config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: sha256("config"), size: 1 },
        layers: [],
      }),
    );
    assert.match(
      await failureOf({
        blobs: new Map([[sha256(bytes), bytes]]),
        images: [],
        root: { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sha256(bytes), size: 1 },
      }),
      /^unsupported: .*\/a\/b:1 is not an image but application\/vnd\.cncf\.helm\.config\.v1\+json$/,
    );
  });
  test("nested indexes end at a limit", async () => {
    let content = await imageContent(amd64);
    for (let depth = 0; depth < 6; depth++)
      content = underIndex(content, [{ ...content.root, platform: defaultPlatform }]);
    assert.match(await failureOf(content), /^tooLarge: .* is an index of indexes deeper than 4$/);
  });
  test("an index that claims to contain itself is an error", async () => {
    const content = await imageContent(amd64, { index: "always" });
    const own = sha256("the index's own");
    const index = underIndex(content, [{ mediaType: indexType, digest: own, size: 10, platform: defaultPlatform }]);
    assert.match(
      await failureOf({
        ...index,
        blobs: new Map([...index.blobs, [own, index.blobs.get(index.root.digest) ?? Buffer.alloc(0)]]),
      }),
      /^digestMismatch/,
    );
  });
  test("a wrong media type in the header is ignored", async () => {
    const content = await imageContent(amd64);
    assert.equal(await failureOf({ ...content, root: { ...content.root, mediaType: indexType } }), "ok");
    const index = await imageContent([amd64, arm64]);
    assert.equal(await failureOf({ ...index, root: { ...index.root, mediaType: content.root.mediaType } }), "ok");
  });
  test("schema 1 under another media type is unsupported", async () => {
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 1, name: "a/b", tag: "1", fsLayers: [{ blobSum: sha256("x") }], history: [] }),
    );
    assert.match(
      await failureOf({
        blobs: new Map([[sha256(bytes), bytes]]),
        images: [],
        root: { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sha256(bytes), size: 1 },
      }),
      /^unsupported: .*schema 1/,
    );
  });
  test("a manifest nested a hundred thousand levels deep is an error", async () => {
    const bytes = Buffer.from(`{"manifests":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    const content = {
      blobs: new Map([[sha256(bytes), bytes]]),
      images: [],
      root: { mediaType: indexType, digest: sha256(bytes), size: bytes.length },
    };
    assert.match(await failureOf(content), /^badArchive: index\.manifests\[0\]: expected an object/);
  });
  test("an index of tens of thousands is cut", async () => {
    const content = await imageContent(amd64);
    const entry = { mediaType: content.root.mediaType, digest: content.root.digest, size: content.root.size };
    const index = underIndex(
      content,
      Array.from({ length: 20_000 }, () => entry),
    );
    assert.equal(await failureOf(index), "ok");
    assert.match(await failureOf(index, { os: "windows", architecture: "amd64" }), /^notFound: .*, 19980 more$/);
    const tooLong = underIndex(
      content,
      Array.from({ length: 40_000 }, () => entry),
    );
    assert.match(await failureOf(tooLong), /^tooLarge/);
  });
  test("blobs aren't assigned if the config has fewer layers than the manifest", async () => {
    const content = await withConfig(({ rootfs }) => rootfs.diff_ids.pop());
    const { layers } = await read({ server: await serve(registry(content)) });
    assert.deepEqual(
      layers.map(({ digest, blobBytes }) => [digest, blobBytes]),
      [[undefined, undefined]],
    );
  });
  test("steps aren't assigned if there are more or fewer than layers", async () => {
    for (const change of [
      (history: object[]) => history.pop(),
      (history: object[]) => history.push({ created_by: "one too many" }),
    ]) {
      const { layers, historyPairing, config } = await read({
        server: await serve(registry(await withConfig(({ history }) => void change(history)))),
      });
      assert.deepEqual([historyPairing, layers.map(({ step }) => step)], ["none", [undefined, undefined]]);
      assert.notEqual(config.history.length, 2);
    }
  });
  test("a config with ten megabytes of history is read", async () => {
    const content = await withConfig(({ history }) =>
      history.push(
        ...Array.from({ length: 10_000 }, (_, index) => ({
          created_by: `${index} ${"x".repeat(1000)}`,
          empty_layer: true,
        })),
      ),
    );
    const { emptyStepsAfter, historyPairing } = await read({ server: await serve(registry(content)) });
    assert.deepEqual([emptyStepsAfter.length, historyPairing], [10_000, "exact"]);
  });
});
