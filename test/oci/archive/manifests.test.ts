import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobBytes } from "../../../oci/core/bytes.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { Archive } from "../../../oci/archive/archive.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import type { AttestationReader, AttestedStatement, ImageAttestation } from "../../../oci/source/source.ts";
import {
  layoutFiles,
  sha256,
  imageContent,
  type ImageContent,
  type FixtureImage,
} from "../../rig/images/imageContent.ts";
import { archiveFolder } from "../../support/images/archiveFolder.ts";
import { legacySave } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const { save, openFiles } = archiveFolder();
const amd64: FixtureImage = { layers: [{ a: "amd64" }] };
const arm64: FixtureImage = {
  layers: [{ a: "arm64" }],
  platform: { os: "linux", architecture: "arm64", variant: "v8" },
};
const platform = { os: "linux", architecture: "arm64" };
const content = await imageContent([amd64, arm64], { attestations: "each" });
const entries = (JSON.parse(String(content.blobs.get(content.root.digest))) as { manifests: { digest: string }[] })
  .manifests;

async function imageIn(archive: Archive): Promise<Image> {
  const image = await archive.image("", { platform }, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

async function about(reader: AttestationReader, image: Image): Promise<readonly ImageAttestation[]> {
  const attestations = await reader.attestations(image, signal);
  assert.ok(attestations.ok);
  return attestations.value;
}

function statementOf([first]: readonly ImageAttestation[]): AttestedStatement {
  const [statement] = first?.statements.ok ? first.statements.value : [];
  assert.ok(statement);
  return statement;
}

function without(digest: string): ReturnType<typeof layoutFiles> {
  const { [`blobs/${digest.replace(":", "/")}`]: _, ...rest } = layoutFiles(content, "tiny:1");
  return rest;
}

/** The bytes of a manifest and everything it references, each blob once. */
function bytesOf({ blobs }: ImageContent, digest: string): number {
  const manifest = JSON.parse(String(blobs.get(digest))) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  return [...new Set([digest, manifest.config.digest, ...manifest.layers.map((layer) => layer.digest)])].reduce(
    (sum, each) => sum + (blobs.get(each)?.length ?? 0),
    0,
  );
}

describe("the manifests of an archive's name", () => {
  test("every manifest of the index is listed with its size", async () => {
    const { manifests = [], annotations } = await imageIn(await openFiles(layoutFiles(content, "tiny:1")));
    const [first, second] = content.images.map(({ manifest }) => manifest.digest);
    assert.deepEqual(
      manifests.map(({ digest }) => digest),
      entries.map(({ digest }) => digest),
    );
    assert.deepEqual(
      manifests.map(({ kind, platform: of, subject }) => [kind, of?.architecture, subject]),
      [
        ["image", "amd64", undefined],
        ["image", "arm64", undefined],
        ["attestation", undefined, first],
        ["attestation", undefined, second],
      ],
    );
    assert.deepEqual(
      manifests.map((manifest) => [manifest.blobBytes, manifest.isAvailable]),
      manifests.map(({ digest }) => [bytesOf(content, digest), true]),
    );
    // The layout's names aren't annotations of the image.
    assert.deepEqual(annotations, {});
  });
  test("manifests that are listed but not stored are marked as missing", async () => {
    const [first, second] = content.images.map(({ manifest, configDigest, layers: [layer] }) => ({
      manifest: manifest.digest,
      config: configDigest,
      layer: layer?.digest ?? "",
    }));
    assert.ok(first && second);
    const rows: readonly (readonly [string, readonly boolean[]])[] = [
      [first.layer, [false, true, true, true]],
      [first.config, [false, true, true, true]],
      [first.manifest, [false, true, true, true]],
      [second.layer, [true, false, true, true]],
      [entries[2]?.digest ?? "", [true, true, false, true]],
    ];
    for (const [digest, expected] of rows) {
      const { manifests = [] } = await imageIn(await openFiles(without(digest)));
      assert.deepEqual(
        manifests.map(({ isAvailable }) => isAvailable),
        expected,
      );
    }
    const { manifests = [] } = await imageIn(await openFiles(without(second.layer)));
    assert.equal(
      manifests[1]?.blobBytes,
      bytesOf(content, second.manifest) - (content.blobs.get(second.layer)?.length ?? 0),
    );
  });
  test("a single manifest has the config's platform", async () => {
    const { manifests } = await imageIn(await openFiles(layoutFiles(await imageContent(arm64), "tiny:1")));
    assert.deepEqual(
      manifests?.map(({ kind, platform: of, isAvailable }) => [kind, of?.variant, isAvailable]),
      [["image", "v8", true]],
    );
  });
  test("no manifests are reported for an archive without any", async () => {
    const archive = await openFiles(legacySave({ layers: [{ a: "1" }], tags: ["tiny:1"], platform }));
    const image = await imageIn(archive);
    assert.deepEqual([image.manifests, image.annotations, await about(archive, image)], [undefined, undefined, []]);
  });
  test("an artifact in the index is not an image or an attestation", async () => {
    const chart = Buffer.from(
      JSON.stringify({
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: sha256("{}"), size: 2 },
        layers: [],
      }),
    );
    const index = Buffer.from(
      JSON.stringify({
        manifests: [
          ...entries,
          { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sha256(chart), size: chart.length },
        ],
      }),
    );
    const blobs = new Map([
      ...content.blobs,
      [sha256(chart), chart],
      [sha256("{}"), Buffer.from("{}")],
      [sha256(index), index],
    ]);
    const archive = await openFiles(
      layoutFiles({ ...content, blobs, root: { ...content.root, digest: sha256(index) } }, "tiny:1"),
    );
    assert.equal(archive.images().length, 2);
    const last = (await imageIn(archive)).manifests?.at(-1);
    assert.deepEqual([last?.kind, last?.blobBytes, last?.isAvailable], ["unknown", chart.length + 2, true]);
  });
});

describe("the attestations of an archive's image", () => {
  test("an archive's statements are read, both here and by the worker", async () => {
    const files = layoutFiles(content, "tiny:1");
    const archive = await openFiles(files);
    const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
    try {
      const opened = await client.openArchive(save(tarOf(files)), signal);
      assert.ok(opened.ok);
      for (const reader of [archive, opened.value]) {
        const image = await imageIn(archive);
        const attestations = await about(reader, image);
        assert.deepEqual(
          attestations.map(({ digest, subject }) => [digest, subject]),
          [[entries[3]?.digest, image.manifestDigest]],
        );
        const text = await reader.statement(image, statementOf(attestations), signal);
        assert.ok(text.ok);
        assert.deepEqual((JSON.parse(text.value) as { subject: unknown }).subject, [
          { digest: { sha256: image.manifestDigest?.slice(7) } },
        ]);
      }
    } finally {
      client.dispose();
    }
  });
  test("no attestations and unreadable ones are distinguished", async () => {
    const archive = await openFiles(without(entries[3]?.digest ?? ""));
    const [first] = await about(archive, await imageIn(archive));
    assert.equal(first?.statements.ok === false && first.statements.error.kind, "notFound");
  });
  test("a statement that is missing, doesn't match its digest or is too large is an error", async () => {
    const complete = await openFiles(layoutFiles(content, "tiny:1"));
    const image = await imageIn(complete);
    const statement = statementOf(await about(complete, image));
    const kind = async (archive: Archive, wanted = statement): Promise<string> => {
      const text = await archive.statement(image, wanted, signal);
      return text.ok ? "ok" : text.error.kind;
    };
    assert.equal(await kind(await openFiles(without(statement.digest))), "notFound");
    assert.equal(
      await kind(await openFiles({ ...layoutFiles(content), [`blobs/${statement.digest.replace(":", "/")}`]: "{}" })),
      "digestMismatch",
    );
    assert.equal(await kind(complete, { ...statement, blobBytes: blobBytes(1e9) }), "tooLarge");
  });
});
