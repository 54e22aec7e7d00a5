import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeManifestDocument,
  pickManifest,
  storedBytes,
  summariseEntry,
  type Index,
} from "../../../oci/core/manifest.ts";
import {
  isConfig,
  isEncrypted,
  isImageConfig,
  isIndex,
  isLayer,
  isManifest,
  manifestAccept,
} from "../../../oci/core/mediaType.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const child = (letter: string, platform: object | undefined, more: object = {}): object => ({
  mediaType: ociManifest,
  digest: digest(letter),
  size: 10,
  platform,
  ...more,
});

function index(manifests: readonly object[]): Index {
  const decoded = decodeManifestDocument("test", { schemaVersion: 2, manifests });
  assert.ok(decoded.ok && decoded.value.kind === "index");
  return decoded.value.index;
}

test("attestations are separated from images", () => {
  const attestation = child(
    "b",
    { os: "unknown", architecture: "unknown" },
    {
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest("a") },
    },
  );
  const { entries } = index([
    child("a", { os: "linux", architecture: "amd64" }),
    attestation,
    child("c", undefined, { artifactType: "application/spdx+json" }),
    child("d", undefined, { mediaType: "application/vnd.oci.image.index.v1+json" }),
  ]);
  assert.deepEqual(
    entries.map(({ kind, subject }) => [kind, subject]),
    [
      ["image", undefined],
      ["attestation", digest("a")],
      ["unknown", undefined],
      ["index", undefined],
    ],
  );
});

test("a platform is never made up for a manifest without one", () => {
  const { entries } = index([
    child("a", { os: "unknown", architecture: "unknown" }),
    child("b", { os: "linux", architecture: "amd64" }),
  ]);
  assert.deepEqual(
    entries.map(summariseEntry).map(({ kind, platform }) => [kind, platform?.os]),
    [
      ["attestation", undefined],
      ["image", "linux"],
    ],
  );
});

test("a blob that a manifest names twice is stored once", () => {
  const blob = { mediaType: "x", digest: digest("a"), size: 10 };
  const decoded = decodeManifestDocument("test", {
    config: { ...blob, digest: digest("c"), size: 5 },
    layers: [blob, blob],
  });
  assert.ok(decoded.ok && decoded.value.kind === "manifest");
  assert.equal(storedBytes(100, decoded.value.manifest), 115);
});

test("a long index is shortened in messages", () => {
  const picked = pickManifest(
    index(Array.from({ length: 30_000 }, () => child("a", { os: "x".repeat(40), architecture: "y" }))),
    { os: "linux", architecture: "amd64" },
  );
  assert.ok(!picked.ok && picked.error.message.length < 2000);
  assert.match(picked.error.message, /, 29980 more$/);
});

test("the wanted platform is picked, or else its newest older variant", () => {
  const all = index([
    child("a", { os: "linux", architecture: "arm", variant: "v5" }),
    child("b", { os: "linux", architecture: "arm", variant: "v6" }),
    child("c", { os: "linux", architecture: "arm64", variant: "v8" }),
  ]);
  const pick = (platform: string): string => {
    const wanted = parsePlatform(platform);
    assert.ok(wanted);
    const picked = pickManifest(all, wanted);
    return picked.ok ? picked.value.digest : picked.error.message;
  };
  assert.equal(pick("linux/arm/v7"), digest("b"));
  assert.equal(pick("linux/arm/v5"), digest("a"));
  assert.equal(pick("linux/aarch64"), digest("c"));
  assert.equal(
    pick("linux/amd64"),
    "no image for linux/amd64: the index has linux/arm/v5, linux/arm/v6, linux/arm64/v8",
  );
});

test("an artifact for a platform is picked only if there is no image", () => {
  const [linux, artifact] = [{ os: "linux", architecture: "amd64" }, { artifactType: "application/vnd.example.sbom" }];
  for (const [manifests, expected] of [
    [[child("a", linux, artifact), child("b", linux)], "b"],
    [[child("a", linux, artifact)], "a"],
  ] as const) {
    const picked = pickManifest(index(manifests), linux);
    assert.equal(picked.ok && picked.value.digest, digest(expected));
  }
});

test("documents are distinguished by content", () => {
  const message = (value: unknown): string => {
    const decoded = decodeManifestDocument("test", value);
    return decoded.ok ? decoded.value.kind : `${decoded.error.kind}: ${decoded.error.message}`;
  };
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest("c"), size: 2 };
  assert.equal(message({ config, layers: [] }), "manifest");
  assert.equal(message({ config, layers: null }), "manifest");
  assert.equal(message({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: null }), "index");
  assert.match(message({ config, layers: [], manifests: [] }), /^badArchive: .*both/);
  assert.match(message({ schemaVersion: 1, fsLayers: [] }), /^unsupported/);
  assert.match(message({}), /neither/);
  assert.match(message([]), /manifest: expected an object/);
  assert.match(message("x"), /expected an object/);
  assert.match(
    message({ config, layers: [{ digest: "sha256:x", size: 1 }] }),
    /manifest\.layers\[0\]\.digest: expected a digest/,
  );
  assert.match(
    message({ config, layers: [{ digest: digest("a"), size: -1 }] }),
    /manifest\.layers\[0\]\.size: expected a count/,
  );
  assert.match(message({ layers: [] }), /manifest\.config\.digest: expected a string, found nothing/);
});

test("old media types of image configs are accepted, those of other artifacts aren't", () => {
  for (const mediaType of [
    "",
    "application/octet-stream",
    "text/html; charset=utf-8",
    "application/vnd.docker.container.image.v1+json",
  ])
    assert.ok(isImageConfig(mediaType), mediaType);
  for (const mediaType of [
    "application/vnd.oci.empty.v1+json",
    "application/vnd.cncf.helm.config.v1+json",
    "application/vnd.docker.plugin.v1+json",
  ])
    assert.ok(!isImageConfig(mediaType), mediaType);
});

test("OCI and Docker media types are equivalent", () => {
  assert.ok(
    isIndex("application/vnd.docker.distribution.manifest.list.v2+json") &&
      isIndex("application/vnd.oci.image.index.v1+json; charset=utf-8"),
  );
  assert.ok(isManifest("application/vnd.docker.distribution.manifest.v2+json") && isManifest(ociManifest));
  assert.ok(isConfig("application/vnd.docker.container.image.v1+json"));
  assert.ok(
    isLayer("application/vnd.oci.image.layer.v1.tar+zstd") &&
      isLayer("application/vnd.docker.image.rootfs.diff.tar.gzip"),
  );
  assert.ok(
    isEncrypted("application/vnd.oci.image.layer.v1.tar+gzip+encrypted") &&
      isLayer("application/vnd.oci.image.layer.v1.tar+gzip+encrypted"),
  );
  assert.ok(!isLayer("text/plain"));
  assert.equal(manifestAccept.split(", ").length, 4);
});

test("decoding a manifest never throws, whatever the JSON", () => {
  const names = fc.constantFrom(
    "manifests",
    "config",
    "layers",
    "digest",
    "size",
    "mediaType",
    "platform",
    "annotations",
    "os",
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.constant(null),
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(names, tie("node")),
    ),
  })).node;
  fc.assert(fc.property(value, (json) => void decodeManifestDocument("test", json)));
});
