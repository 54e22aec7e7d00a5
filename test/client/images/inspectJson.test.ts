import assert from "node:assert/strict";
import { test } from "node:test";
import { imageAsJson } from "../../../client/src/images/inspectJson.ts";
import type { LayerDigest, ManifestDigest } from "../../../oci/core/digest.ts";
import { digest, image, layer, step } from "../../support/images/literalImages.ts";

test("an image as a document has every digest by kind, and steps with their layers", () => {
  const one = image({
    configDigest: digest("a"),
    manifestDigest: digest("b") as ManifestDigest,
    layers: [
      layer(0, { digest: digest("c") as LayerDigest, step: step("ADD x"), emptyStepsBefore: [step("ENV A=b")] }),
    ],
    manifests: [
      {
        digest: digest("b") as ManifestDigest,
        mediaType: "m",
        kind: "image",
        platform: { os: "linux", architecture: "arm64" },
        annotations: {},
      },
    ],
  });
  const inspected = JSON.parse(
    JSON.stringify(
      imageAsJson(one, {
        images: [
          { ...one, diffIds: [digest("0")], steps: [], annotations: {}, layers: [{ diffId: digest("0"), bytes: 5 }] },
        ],
        problems: new Map(),
        sizeKind: "blob",
      }),
    ),
  ) as Record<string, unknown>;
  assert.deepEqual(Object.keys(inspected), [
    "reference",
    "tags",
    "imageId",
    "repositoryDigests",
    "manifestDigest",
    "configDigest",
    "platform",
    "space",
    "manifests",
    "configuration",
    "layers",
    "historyPairing",
    "history",
  ]);
  assert.deepEqual(inspected["layers"], [
    { index: 0, diffId: digest("0"), chainId: digest("0"), layerDigest: digest("c"), createdBy: "ADD x" },
  ]);
  assert.deepEqual(inspected["history"], [
    { createdBy: "ENV A=b", layer: "none" },
    { createdBy: "ADD x", layer: 0 },
  ]);
  assert.deepEqual(inspected["space"], {
    counts: "blob",
    total: { bytes: 5, unknownLayers: 0 },
    alone: { bytes: 5, unknownLayers: 0 },
    shared: { bytes: 0, unknownLayers: 0 },
    sharedCounts: [0],
  });
});
