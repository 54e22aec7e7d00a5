import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();
const indexType = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

function sha256(bytes: string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function read(host: string, digest: string): Promise<string> {
  const reference = parseReference(`${host}/a/b@${digest}`);
  assert.ok(reference.ok && reference.value.digest);
  const source = createRegistrySource({ retryDelaysMs: [] });
  const content = await source.content({ ...reference.value, digest: reference.value.digest }, signal);
  return content.ok ? JSON.stringify(content.value) : `${content.error.kind}: ${content.error.message}`;
}

/** A registry that responds to any manifest request with these bytes. */
async function answering(body: string, mediaType = indexType): Promise<string> {
  const server = await serve((_, response) => void response.writeHead(200, { "content-type": mediaType }).end(body));
  return server.host;
}

describe("the content of a digest", () => {
  test("an index has the images of its platforms", async () => {
    const content = await imageContent([
      { layers: [{ a: "1" }] },
      { layers: [{ a: "2" }], platform: { os: "linux", architecture: "arm64" } },
    ]);
    const server = await serve(registry(content));
    assert.match(
      await read(server.host, content.root.digest),
      /^\{"kind":"index","images":\[\{"digest":"sha256:[0-9a-f]+","platform":\{"os":"linux","architecture":"amd64"\}\},\{.*arm64/,
    );
  });
  test("a single image has the platform of its config", async () => {
    const content = await imageContent({ layers: [{ a: "1" }] });
    const server = await serve(registry(content));
    assert.equal(
      await read(server.host, content.root.digest),
      '{"kind":"image","platform":{"os":"linux","architecture":"amd64"}}',
    );
  });
});

describe("digests that must not be pinned", () => {
  test("bytes with another hash are rejected", async () => {
    const host = await answering("{}");
    assert.match(await read(host, sha256("other")), /^digestMismatch: /);
  });
  test("a body that isn't JSON is rejected, although it is labelled as an index", async () => {
    const body = " ".repeat(100);
    assert.match(await read(await answering(body), sha256(body)), /^bad/);
  });
  test("an artifact labelled as an image is unsupported", async () => {
    const config = { mediaType: "application/vnd.example.chart+json", digest: sha256("{}"), size: 2 };
    const body = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: [] });
    assert.match(
      await read(await answering(body, manifestType), sha256(body)),
      /^unsupported: .* is not an image but application\/vnd.example.chart\+json/,
    );
  });
  test("an index without an image is unsupported", async () => {
    const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] });
    assert.match(await read(await answering(body), sha256(body)), /^unsupported: .* is an index without an image/);
  });
  test("a digest that the registry claims but doesn't have is not found", async () => {
    const server = await serve((_, response) => void response.writeHead(404).end());
    assert.match(await read(server.host, sha256("x")), /^notFound: /);
  });
});
