import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageTreeNode } from "../../../../client/src/images/node.ts";
import { blobBytes } from "../../../../oci/core/bytes.ts";
import type { ManifestDigest } from "../../../../oci/core/digest.ts";
import { success } from "../../../../oci/core/error.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { digest, image, summary } from "../../../support/images/literalImages.ts";
import { draw, context, imageNode, readers, rowOf } from "../fakeTree.ts";

describe("rows of platforms", () => {
  const manifest = (digit: string, more: Partial<ManifestSummary>): ManifestSummary => ({
    digest: digest(digit) as ManifestDigest,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    kind: "image",
    annotations: {},
    ...more,
  });
  const multi = image({
    manifestDigest: digest("b") as ManifestDigest,
    manifests: [
      manifest("b", {
        platform: { os: "linux", architecture: "amd64" },
        isAvailable: true,
        unpackedBytes: 1000,
        containers: 1,
      }),
      manifest("c", {
        platform: { os: "linux", architecture: "arm64" },
        isAvailable: false,
        blobBytes: blobBytes(500),
      }),
      manifest("d", { kind: "attestation", subject: digest("b") as ManifestDigest }),
      manifest("e", { kind: "attestation", subject: digest("f") as ManifestDigest }),
    ],
  });
  const drawn = context(readers({}, [summary()], multi));
  const section = (): Promise<ImageTreeNode> => rowOf("Platforms", imageNode(), drawn);

  test("platforms are listed with their size, and attestations below their subject", async () => {
    assert.equal(
      await draw(await section(), drawn),
      `
linux/amd64 | default · 1.00 kB unpacked · 1 container · manifest bbbbbbbbbbbb
linux/arm64 | not available here · 500 B stored · manifest cccccccccccc
Attestation | manifest eeeeeeeeeeee`,
    );
    assert.match(
      await draw(await rowOf("linux/amd64", await section(), drawn), drawn),
      /^\nManifest digest \| sha256:b{64}\n.*\nUnpacked \| 1\.00 kB\nContainers \| 1\nAttestation \| manifest dddddddddddd\nLayers \| 0\nHistory \| 0 steps\nConfiguration \| .*\nTags and Digests \| manifest b{12}$/s,
    );
  });

  test("attestations have statements if the source can read them", async () => {
    const statement = {
      digest: digest("5"),
      mediaType: "application/vnd.in-toto+json",
      predicateType: "https://slsa.dev/provenance/v1",
      blobBytes: blobBytes(1500),
    };
    const tree = readers({}, [summary()], multi);
    const source = tree.source("engine");
    const attested = {
      attestations: () =>
        Promise.resolve(success([{ digest: digest("d") as ManifestDigest, statements: success([statement]) }])),
      statement: () => Promise.resolve(success("{}")),
    };
    const telling = context({ ...tree, source: () => source && { ...source, attested } });
    const platform = await rowOf("linux/amd64", await rowOf("Platforms", imageNode(), telling), telling);
    assert.match(
      await draw(await rowOf("Attestation", platform, telling), telling),
      /^\nHow it was built \| https:\/\/slsa\.dev\/provenance\/v1 · 1\.50 kB\nManifest digest \|/,
    );
  });

  test("platforms that are not here say so and have no layers", async () => {
    assert.match(
      await draw(await rowOf("linux/arm64", await section(), drawn), drawn),
      /\nIts content isn't available here \|$/,
    );
  });
});
