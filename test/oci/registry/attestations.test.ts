import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobBytes } from "../../../oci/core/bytes.ts";
import type { Image } from "../../../oci/core/image.ts";
import { createRegistrySource, type RegistrySource } from "../../../oci/registry/registry.ts";
import type { AttestedStatement, ImageAttestation } from "../../../oci/source/source.ts";
import { sha256, imageContent, type ImageContent } from "../../rig/images/imageContent.ts";
import type { Answerer, FakeHttpServer } from "../../support/fakeHttpServer.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();
const content = await imageContent(
  [{ layers: [{ a: "amd64" }] }, { layers: [{ a: "arm64" }], platform: { os: "linux", architecture: "arm64" } }],
  { attestations: "each" },
);
const attestationDigests = (
  JSON.parse(String(content.blobs.get(content.root.digest))) as { manifests: { digest: string }[] }
).manifests
  .slice(2)
  .map(({ digest }) => digest);

interface Opened {
  readonly source: RegistrySource;
  readonly image: Image;
  readonly attestations: readonly ImageAttestation[];
  readonly server: FakeHttpServer;
}

async function open(answer: Answerer = registry(content)): Promise<Opened> {
  const server = await serve(answer);
  const source = createRegistrySource({ defaultPlatform: { os: "linux", architecture: "arm64" }, retryDelaysMs: [] });
  const image = await source.image(`${server.host}/a/b:1`, {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  const attestations = await source.attestations(image.value, signal);
  assert.ok(attestations.ok);
  return { source, image: image.value, attestations: attestations.value, server };
}

async function statementOf({ source, image }: Opened, statement: AttestedStatement | undefined): Promise<string> {
  assert.ok(statement);
  const text = await source.statement(image, statement, signal);
  return text.ok ? text.value : `${text.error.kind}: ${text.error.message}`;
}

function firstStatement({ attestations: [first] }: Opened): AttestedStatement | undefined {
  return first?.statements.ok ? first.statements.value[0] : undefined;
}

function instead(digest: string, answer: Answerer): Answerer {
  return (request, response, index) =>
    request.line.endsWith(digest) ? answer(request, response, index) : registry(content)(request, response, index);
}

describe("attestations of a registry's image", () => {
  test("the statements of an image's attestation are listed by kind with one request", async () => {
    const opened = await open();
    const { attestations, image, server } = opened;
    assert.deepEqual(
      attestations.map(({ digest, subject }) => [digest, subject]),
      [[attestationDigests[1], image.manifestDigest]],
    );
    const statements = attestations[0]?.statements;
    assert.deepEqual(
      statements?.ok && statements.value.map(({ predicateType, mediaType }) => [predicateType, mediaType]),
      [
        ["https://spdx.dev/Document", "application/vnd.in-toto+json"],
        ["https://slsa.dev/provenance/v1", "application/vnd.in-toto+json"],
      ],
    );
    assert.deepEqual(
      server.requests.slice(4).map(({ line }) => line),
      [`GET /v2/a/b/manifests/${attestationDigests[1]}`],
    );
    const text = await statementOf(opened, firstStatement(opened));
    assert.deepEqual((JSON.parse(text) as { subject: unknown }).subject, [
      { digest: { sha256: image.manifestDigest?.slice(7) } },
    ]);
  });
  test("an image without attestations has no statements", async () => {
    assert.deepEqual(
      (
        await open(
          registry(await imageContent({ layers: [{ a: "1" }], platform: { os: "linux", architecture: "arm64" } })),
        )
      ).attestations,
      [],
    );
  });
  test("no attestations and unreadable ones are distinguished in a registry", async () => {
    const kind = async (answer: Answerer): Promise<string> => {
      const [first] = (await open(instead(attestationDigests[1] ?? "", answer))).attestations;
      return first?.statements.ok === false ? first.statements.error.kind : "ok";
    };
    assert.equal(await kind((_, response) => void response.writeHead(404).end()), "notFound");
    assert.equal(await kind((_, response) => void response.end("{}")), "digestMismatch");
    assert.equal(await kind((_, response) => void response.writeHead(500).end()), "badAnswer");
  });
  test("a statement that doesn't match its digest or size is rejected", async () => {
    const digest = firstStatement(await open())?.digest ?? "";
    const said = async (body: Buffer): Promise<string> => {
      const opened = await open(instead(digest, (_, response) => void response.end(body)));
      return statementOf(opened, firstStatement(opened));
    };
    const bytes = content.blobs.get(digest) ?? Buffer.alloc(0);
    assert.match(await said(Buffer.from(bytes).fill("x", 3, 4)), /^digestMismatch/);
    assert.match(await said(Buffer.concat([bytes, bytes])), /^tooLarge/);
  });
  test("a statement that is too large is not requested", async () => {
    const opened = await open();
    const before = opened.server.requests.length;
    const statement = firstStatement(opened);
    assert.match(
      await statementOf(opened, statement && { ...statement, blobBytes: blobBytes(1e9) }),
      /^tooLarge: the attestation has 1000000000 bytes; at most 67108864 are read$/,
    );
    assert.equal(opened.server.requests.length, before);
  });
  test("only a few attestations are read if an index claims thousands", async () => {
    const [image] = content.images;
    const many: ImageContent["blobs"] = new Map(
      Array.from({ length: 60 }, (_, index): [string, Buffer] => {
        const bytes = Buffer.from(
          JSON.stringify({
            mediaType: "application/vnd.oci.image.manifest.v1+json",
            config: { digest: image?.configDigest, size: 1 },
            layers: [],
            annotations: { index: String(index) },
          }),
        );
        return [sha256(bytes), bytes];
      }),
    );
    const entries = [...many.keys()].map((digest) => ({
      mediaType: image?.manifest.mediaType,
      digest,
      size: 1,
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    }));
    const index = Buffer.from(JSON.stringify({ manifests: [image?.manifest, ...entries] }));
    const { attestations } = await open(
      registry({
        blobs: new Map([...content.blobs, ...many, [sha256(index), index]]),
        images: [],
        root: { ...content.root, digest: sha256(index) },
      }),
    );
    assert.deepEqual([attestations.length, attestations.filter(({ statements }) => statements.ok).length], [60, 50]);
  });
});
