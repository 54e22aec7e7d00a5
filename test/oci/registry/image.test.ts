import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import type { Answerer } from "../../support/fakeHttpServer.ts";
import { serve } from "../../support/registry/serve.ts";

const signal = new AbortController().signal;
const manifestType = "application/vnd.oci.image.manifest.v1+json";

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

describe("an image of a registry without its layers", () => {
  const config = JSON.stringify({
    os: "linux",
    architecture: "amd64",
    config: { User: "ada" },
    rootfs: { type: "layers", diff_ids: [sha256("layer")] },
    history: [{ created_by: "RUN x" }, { created_by: "USER ada", empty_layer: true }],
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256(config), size: config.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: sha256("blob"), size: 7 }],
  });
  const content: Readonly<Record<string, string>> = {
    "manifests/1": manifest,
    [`manifests/${sha256(manifest)}`]: manifest,
    [`blobs/${sha256(config)}`]: config,
  };
  const serving =
    (changed: Readonly<Record<string, string>> = {}): Answerer =>
    ({ line }, response) => {
      const body = { ...content, ...changed }[/\/v2\/a\/b\/(.*)$/.exec(line)?.[1] ?? ""];
      if (body === undefined) response.writeHead(404).end();
      else
        response
          .writeHead(200, {
            "content-type": manifestType,
            ...(line.startsWith("HEAD") && { "docker-content-digest": sha256(body) }),
          })
          .end(line.startsWith("HEAD") ? "" : body);
    };

  test("a registry's image has layers, sizes and exact history", async () => {
    const server = await serve(serving());
    const image = await createRegistrySource().image(`${server.host}/a/b:1`, {}, signal);
    assert.ok(image.ok);
    const { layers, historyPairing, configDigest, manifestDigest, indexDigest, emptyStepsAfter } = image.value;
    assert.deepEqual(layers, [
      {
        index: 0,
        diffId: sha256("layer"),
        digest: sha256("blob"),
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
        blobBytes: 7,
        step: { createdBy: "RUN x", isEmptyLayer: false },
        emptyStepsBefore: [],
      },
    ]);
    assert.deepEqual(
      [historyPairing, configDigest, manifestDigest, indexDigest, emptyStepsAfter.length],
      ["exact", sha256(config), sha256(manifest), undefined, 1],
    );
  });
  test("a registry's image is read again without another GET", async () => {
    const server = await serve(serving());
    const source = createRegistrySource();
    for (const _ of [1, 2]) await source.image(`${server.host}/a/b:1`, {}, signal);
    assert.equal(server.requests.filter(({ line }) => line.startsWith("GET")).length, 2);
  });
  test("a registry's image is rejected if its config doesn't match its digest", async () => {
    const server = await serve(serving({ [`blobs/${sha256(config)}`]: config.replace("ada", "eve") }));
    const image = await createRegistrySource().image(`${server.host}/a/b:1`, {}, signal);
    assert.equal(!image.ok && image.error.kind, "digestMismatch");
  });
  test("a registry's image is rejected if its config is missing", async () => {
    const server = await serve((request, response, index) =>
      request.line.includes("/blobs/") ? void response.writeHead(404).end() : serving()(request, response, index),
    );
    const image = await createRegistrySource().image(`${server.host}/a/b:1`, {}, signal);
    assert.equal(!image.ok && image.error.kind, "notFound");
  });
});
