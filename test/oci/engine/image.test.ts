import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";

const signal = new AbortController().signal;
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;
const [digest, index] = [id("a"), id("b")];
const fakes = useFakeEngines();

function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

const inspect = {
  Id: digest,
  RepoTags: ["a:1"],
  RepoDigests: [`a@${index}`],
  Os: "linux",
  Architecture: "amd64",
  Size: 9,
  Config: { User: "ada", Env: null },
  RootFS: { Type: "layers", Layers: [digest] },
};
const history = [
  { Id: digest, Created: 1, CreatedBy: "/bin/sh -c #(nop)  CMD", Size: 0 },
  { Id: "<missing>", Created: -62135596800, CreatedBy: "/bin/sh -c #(nop) ADD file:x in / ", Size: 9 },
];

describe("images of the classic store", () => {
  test("in the classic store, the ID is the config's digest, history is inferred, and content is counted", async () => {
    const { engine } = await fakes.answering({ [`/images/${digest}/history`]: history, "/images/a:1/json": inspect });
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    const {
      configDigest,
      indexDigest,
      historyPairing,
      layers,
      emptyStepsAfter,
      engineBytes,
      engineSizeKind,
      manifests,
      annotations,
    } = image.value;
    assert.deepEqual(
      [
        configDigest,
        indexDigest,
        historyPairing,
        layers[0]?.engineBytes,
        layers[0]?.step?.created,
        emptyStepsAfter.length,
      ],
      [digest, undefined, "inferred", 9, undefined, 1],
    );
    assert.deepEqual([engineBytes, engineSizeKind, manifests, annotations], [9, "content", undefined, undefined]);
  });
  test("another platform than the classic store has is an error", async () => {
    const { engine } = await fakes.answering({ "/images/a:1/json": inspect });
    const error = errorOf(await engine.image("a:1", { platform: { os: "linux", architecture: "arm64" } }, signal));
    assert.equal(error.kind, "notFound");
    assert.match(error.message, /only for linux\/amd64; pull it for linux\/arm64/);
  });
  test("names that would be other API paths are refused", async () => {
    const { engine, server } = await fakes.answering({});
    for (const name of ["../containers/json", "a/../../info", "a?x=1", "", "a b", "A", "/"])
      assert.equal(errorOf(await engine.image(name, {}, signal)).kind, "badReference", name);
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ["GET /_ping"],
    );
  });
});

describe("images of the containerd store", () => {
  const descriptor = (kind: string, name: string, more = {}): object => ({
    mediaType: `application/vnd.oci.image.${kind}.v1+json`,
    digest: name,
    size: 554,
    ...more,
  });
  const platform = (architecture: string, variant?: string): object => ({
    os: "linux",
    architecture,
    ...(variant !== undefined && { variant }),
  });
  const notes = { "vnd.docker.reference.digest": id("1"), "vnd.docker.reference.type": "attestation-manifest" };
  // Docker 28.5.2's response for an index with one platform unpacked, one only partly pulled, one stored packed, and an
  // attestation.
  const Manifests = [
    {
      ID: id("1"),
      Descriptor: descriptor("manifest", id("1"), {
        platform: platform("amd64"),
        annotations: { "org.opencontainers.image.base.name": "debian:12" },
      }),
      Available: true,
      Size: { Content: 1360, Total: 21840 },
      Kind: "image",
      ImageData: { Platform: platform("amd64"), Size: { Unpacked: 20480 }, Containers: ["c1", "c2"] },
    },
    {
      ID: id("2"),
      Descriptor: descriptor("manifest", id("2"), { platform: platform("arm64", "v8") }),
      Available: false,
      Size: { Content: 666, Total: 666 },
      Kind: "image",
      ImageData: { Platform: platform("arm64", "v8"), Size: { Unpacked: 0 }, Containers: null },
    },
    {
      ID: id("3"),
      Descriptor: descriptor("manifest", id("3"), { platform: platform("arm", "v7") }),
      Available: true,
      Size: { Content: 700, Total: 700 },
      Kind: "image",
      ImageData: { Platform: platform("arm", "v7"), Size: { Unpacked: 0 }, Containers: null },
    },
    {
      ID: id("4"),
      Descriptor: descriptor("manifest", id("4"), {
        platform: { os: "unknown", architecture: "unknown" },
        annotations: notes,
      }),
      Available: true,
      Size: { Content: 699, Total: 699 },
      Kind: "attestation",
      AttestationData: { For: id("1") },
    },
  ];
  const whole = {
    ...inspect,
    Id: index,
    Descriptor: descriptor("index", index, {
      annotations: { "io.containerd.image.name": "a:1", "org.opencontainers.image.ref.name": "1", team: "x" },
    }),
    Manifests,
  };
  const arm = {
    ...inspect,
    Id: id("3"),
    Architecture: "arm",
    Variant: "v7",
    Descriptor: descriptor("manifest", id("3")),
    Config: { User: "eve" },
    RootFS: { Layers: [id("e")] },
  };
  const answers = {
    "/images/a:1/json?manifests=1": whole,
    [`/images/${index}/history`]: history,
    [`/images/${index}/json?platform={"os":"linux","architecture":"arm","variant":"v7"}`]: arm,
    [`/images/${index}/history?platform={"os":"linux","architecture":"arm","variant":"v7"}`]: [
      { Id: index, Created: 0, CreatedBy: "COPY x /", Size: 0 },
    ],
  };

  test("in the containerd store, index and manifest digests are reported, and disk usage is counted", async () => {
    const { engine } = await fakes.answering(answers, "1.51");
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    const { configDigest, indexDigest, manifestDigest, engineBytes, engineSizeKind } = image.value;
    assert.deepEqual(
      [configDigest, indexDigest, manifestDigest, engineBytes, engineSizeKind],
      [undefined, index, id("1"), 20480, "disk"],
    );
  });
  test("all manifests of a name are listed, attestations with their subjects", async () => {
    const { engine } = await fakes.answering(answers, "1.51");
    const image = await engine.image("a:1", {}, signal);
    assert.deepEqual(image.ok && image.value.manifests?.map(({ mediaType, annotations, ...manifest }) => manifest), [
      {
        digest: id("1"),
        kind: "image",
        platform: platform("amd64"),
        isAvailable: true,
        blobBytes: 1360,
        unpackedBytes: 20480,
        containers: 2,
      },
      {
        digest: id("2"),
        kind: "image",
        platform: platform("arm64", "v8"),
        isAvailable: false,
        blobBytes: 666,
        containers: 0,
      },
      {
        digest: id("3"),
        kind: "image",
        platform: platform("arm", "v7"),
        isAvailable: true,
        blobBytes: 700,
        containers: 0,
      },
      { digest: id("4"), kind: "attestation", subject: id("1"), isAvailable: true, blobBytes: 699 },
    ]);
    assert.deepEqual(image.ok && image.value.annotations, {
      team: "x",
      "org.opencontainers.image.base.name": "debian:12",
    });
  });
  test("another platform is requested by ID; a packed one has no size, and 0 is not a time", async () => {
    const { engine } = await fakes.answering(answers, "1.51");
    const image = await engine.image("a:1", { platform: { os: "linux", architecture: "arm" } }, signal);
    assert.ok(image.ok, image.ok ? "" : image.error.message);
    const { id: imageId, manifestDigest, indexDigest, config, layers, engineBytes, manifests } = image.value;
    assert.deepEqual(
      [imageId, manifestDigest, indexDigest, config.user, layers[0]?.diffId, manifests?.length],
      [index, id("3"), index, "eve", id("e"), 4],
    );
    assert.deepEqual(
      [engineBytes, layers[0]?.engineBytes, layers[0]?.step],
      [undefined, undefined, { createdBy: "COPY x /" }],
    );
  });
  test("a platform that doesn't exist or has no content lists the available ones and what to pull", async () => {
    const { engine } = await fakes.answering(answers, "1.51");
    const expected = {
      arm64:
        "the engine knows a:1 for linux/arm64, but has content only for linux/amd64, linux/arm/v7; pull it for linux/arm64",
      s390x: "the engine has a:1 only for linux/amd64, linux/arm/v7; pull it for linux/s390x",
      unknown: "the engine has a:1 only for linux/amd64, linux/arm/v7; pull it for linux/unknown",
    };
    for (const [architecture, message] of Object.entries(expected)) {
      const error = errorOf(await engine.image("a:1", { platform: { os: "linux", architecture } }, signal));
      assert.deepEqual([error.kind, error.message], ["notFound", message]);
    }
    assert.equal(
      errorOf(await engine.image("a:1", { platform: { os: "unknown", architecture: "unknown" } }, signal)).kind,
      "notFound",
    );
  });
  test("an image whose content is gone is an error, not an image without layers", async () => {
    // Docker 28.5.2: blobs may be gone while the name remains.
    const gone = {
      ...inspect,
      Id: index,
      Os: "",
      Architecture: "",
      RootFS: {},
      Descriptor: descriptor("index", index),
      Manifests: Manifests.map((manifest) => ({ ...manifest, Available: false })),
    };
    const known = { ...answers, "/images/a:1/json?manifests=1": gone };
    const { engine } = await fakes.answering({ ...known, [`/images/${index}/history`]: undefined }, "1.51");
    const error = errorOf(await engine.image("a:1", {}, signal));
    assert.deepEqual(
      [error.kind, error.message],
      [
        "notFound",
        "the engine lists a:1 for linux/amd64, linux/arm64/v8, linux/arm/v7, but has none of its content; open the image from its registry",
      ],
    );
  });
  test("an image whose blobs are gone has its history, for those who can do with that", async () => {
    const gone = {
      ...inspect,
      Id: index,
      RootFS: {},
      Descriptor: descriptor("index", index),
      Manifests: Manifests.map((manifest) => ({ ...manifest, Available: false })),
    };
    const { engine } = await fakes.answering({ ...answers, "/images/a:1/json?manifests=1": gone }, "1.51");
    const image = await engine.image("a:1", { allowMissingBlobs: true }, signal);
    assert.ok(image.ok);
    assert.deepEqual(
      [image.value.contentFrom, image.value.layers, image.value.config.history.length],
      [{ kind: "nowhere" }, [], history.length],
    );
    const error = errorOf(await engine.image("a:1", {}, signal));
    assert.match(error.message, /doesn't have the blobs of its layers/);
  });
  test("an index of artifacts is not an image", async () => {
    const { engine } = await fakes.answering(
      { "/images/a:1/json": { ...whole, RootFS: {}, Manifests: [{ ...Manifests[3], Kind: "unknown" }] } },
      "1.51",
    );
    assert.equal(errorOf(await engine.image("a:1", {}, signal)).kind, "unsupported");
  });
  test("API 1.48 has other platforms but doesn't return them yet", async () => {
    const { engine } = await fakes.answering(answers, "1.48");
    assert.equal(
      errorOf(await engine.image("a:1", { platform: { os: "linux", architecture: "arm" } }, signal)).kind,
      "unsupported",
    );
  });
  describe("before API 1.48", () => {
    const older = (listed: object) => ({
      "/images/a:1/json": { ...inspect, RepoTags: ["a:1"] },
      [`/images/${digest}/history`]: history,
      "/info": { DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] },
      "/images/json": listed,
    });
    test("the store is recognised by /info", async () => {
      const listed = [{ Id: digest, RepoTags: ["a:1"], Created: 1, Size: 9 }];
      const { engine, server } = await fakes.answering(older(listed), "1.44");
      const image = await engine.image("a:1", {}, signal);
      assert.ok(image.ok);
      assert.deepEqual([image.value.configDigest, image.value.engineSizeKind], [undefined, "disk"]);
      assert.equal(image.value.contentFrom, undefined);
      const lists = server.requests.filter(({ line }) => line.includes("/images/json"));
      assert.deepEqual(
        lists.map(({ line }) => decodeURIComponent(line.split("?")[1] ?? "")),
        ['filters={"reference":["a:1"]}'],
      );
    });
    test("an image that the engine doesn't list has no blobs, but its configuration is known", async () => {
      const { engine } = await fakes.answering(older([]), "1.45");
      const error = errorOf(await engine.image("a:1", {}, signal));
      assert.match(error.message, /doesn't have the blobs of its layers/);
      const image = await engine.image("a:1", { allowMissingBlobs: true }, signal);
      assert.ok(image.ok);
      const { contentFrom, config } = image.value;
      assert.deepEqual([contentFrom, config.user, isConfigKnown(image.value)], [{ kind: "nowhere" }, "ada", true]);
    });
  });
});

describe("images of Podman", () => {
  const headers = { "api-version": "1.41", "libpod-api-version": "4.3.1" };
  // Podman 4.3.1, shortened: IDs without algorithm, sizes of tars, its own response with the config's history.
  const answers = {
    "/images/a:1/json": { ...inspect, RepoTags: ["docker.io/library/a:1"], Size: 8120 },
    [`/images/${digest}/history`]: [
      { Id: "a".repeat(64), Created: 1704067200, CreatedBy: "ENV A=b", Tags: null, Size: 0, Comment: "" },
      { Id: "sha256:<missing>", Created: 1704067200, CreatedBy: "RUN make", Size: 3072 },
    ],
    [`/libpod/images/${digest}/json`]: {
      Id: "a".repeat(64),
      Digest: id("6"),
      ManifestType: "application/vnd.oci.image.manifest.v1+json",
      Annotations: { team: "x" },
      History: [
        { created_by: "RUN make" },
        { created: "2024-01-01T00:00:00Z", created_by: "ENV A=b", empty_layer: true },
      ],
    },
  };

  test("Podman's own API returns the exact history and annotations, and sizes are of tars", async () => {
    const { engine, server } = await fakes.answering(answers, headers);
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    const {
      tags,
      configDigest,
      manifestDigest,
      annotations,
      historyPairing,
      layers,
      engineBytes,
      engineSizeKind,
      manifests,
    } = image.value;
    // Podman's Digest may be an index's.
    assert.deepEqual(
      [tags, configDigest, manifestDigest, annotations, manifests],
      [["a:1"], digest, undefined, { team: "x" }, undefined],
    );
    assert.deepEqual(
      [historyPairing, layers[0]?.step?.createdBy, layers[0]?.engineBytes, engineBytes, engineSizeKind],
      ["exact", "RUN make", 3072, 3072, "tar"],
    );
    assert.ok(server.requests.some(({ line }) => line.startsWith("GET /v4.3.1/libpod/")));
  });
  test("without Podman's history of sizes they are unknown, and without its API history is inferred", async () => {
    const { [`/images/${digest}/history`]: sized, ...unsized } = answers;
    const { engine } = await fakes.answering(unsized, headers);
    const image = await engine.image("a:1", {}, signal);
    assert.deepEqual(
      image.ok && [image.value.historyPairing, image.value.layers[0]?.engineBytes, image.value.engineBytes],
      ["exact", undefined, undefined],
    );
    await fakes.stop();
    const { [`/libpod/images/${digest}/json`]: own, ...docker } = answers;
    const { engine: other } = await fakes.answering(docker, headers);
    const inferred = await other.image("a:1", {}, signal);
    assert.deepEqual(inferred.ok && [inferred.value.historyPairing, inferred.value.layers[0]?.engineBytes], [
      "inferred",
      3072,
    ]);
  });
});
