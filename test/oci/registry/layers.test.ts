import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import type { DiffId } from "../../../oci/core/digest.ts";
import { createLayerCache } from "../../../oci/source/layerCache.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import type { Progress } from "../../../oci/source/source.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import type { Answerer, SeenRequest } from "../../support/fakeHttpServer.ts";
import {
  blobRequests,
  content,
  except,
  imageAt,
  middleBlob,
  middleDigest,
  read,
  reader,
  registry,
  type BlobAnswerer,
} from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";
import { checkSource } from "../../support/images/sourceContract.ts";

const { signal } = new AbortController();

describe("layers of a registry", () => {
  for (const compression of ["none", "gzip", "zstd"] as const) {
    test(`layers with compression "${compression}" are read`, async () => {
      const packed = await imageContent(
        {
          layers: [
            { a: "a", gone: "x" },
            { "b/": { directory: true }, ".wh.gone": "" },
          ],
        },
        { compression },
      );
      const server = await serve(registry(packed));
      await checkSource(
        { ...createRegistrySource(), ...reader() },
        { reference: `${server.host}/a/b:1`, files: ["a 1"] },
      );
    });
  }
  test("layers are read in the worker", async () => {
    const server = await serve(registry(content));
    const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
    try {
      await checkSource(
        { ...createRegistrySource(), ...client.layersOfRegistry({ insecureRegistries: [] }) },
        { reference: `${server.host}/a/b:1`, files: ["a 1", "b 5000", "c 1"] },
      );
    } finally {
      client.dispose();
    }
  });
  test("only requested layers are read, and none twice", async () => {
    const cache = createLayerCache();
    const [, second, third] = (content.images[0]?.diffIds ?? []) as DiffId[];
    assert.ok(second !== undefined && third !== undefined);
    const server = await serve(registry(content));
    const image = await imageAt(server);
    for (const wanted of [[second], [second, third], [second, third]]) {
      const result = await reader({ cache }).layers(image, { wanted }, signal);
      assert.deepEqual(result.ok && [...result.value.contents.keys()], wanted);
    }
    assert.deepEqual(
      blobRequests(server),
      content.images[0]?.layers.slice(1).map(({ digest }) => digest),
    );
  });
  test("reading one file fetches no other layers", async () => {
    const server = await serve(registry(content));
    const image = await imageAt(server);
    const { layers = [], diffIds = [] } = content.images[0] ?? {};
    const wanted = { diffId: diffIds[1] as DiffId, path: "nothing/here", maxBytes: 100 };
    const result = await reader().file(image, wanted, signal);
    assert.equal(result.ok ? "" : result.error.kind, "notFound");
    assert.deepEqual(blobRequests(server), [layers[1]?.digest]);
  });
  test("a layer that an image has twice is fetched once", async () => {
    const twice = await imageContent({ layers: [{ a: "a" }, { a: "a" }] });
    const server = await serve(registry(twice));
    const result = await reader().layers(await imageAt(server), {}, signal);
    assert.equal(result.ok && result.value.contents.size, 1);
    assert.equal(
      server.requests.filter(({ line }) => line.endsWith(twice.images[0]?.layers[0]?.digest ?? "")).length,
      1,
    );
  });
  test("progress only counts layers that must be fetched", async () => {
    const progress: Progress[] = [];
    await read(registry(content), { request: { onProgress: (step) => progress.push(step) } });
    const totalBytes = content.images[0]?.layers.reduce((sum, { size }) => sum + size, 0);
    assert.deepEqual(progress.at(-1), { readBytes: totalBytes, totalBytes, label: "receiving 3 layers" });
  });
  test("at most three layers are fetched at once", async () => {
    const many = await imageContent({ layers: Array.from({ length: 8 }, (_, index) => ({ [`file${index}`]: "x" })) });
    let running = 0;
    let most = 0;
    const { result } = await read((request, response, index) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        void registry(many)(request, response, index);
      }, 10);
    });
    assert.equal(result.ok && result.value.contents.size, 8);
    assert.equal(most, 3);
  });
  test("a body may take long as long as it keeps moving", async () => {
    const { result } = await read(
      except(middleDigest, (response) => {
        response.writeHead(200);
        const pieces = [...middleBlob];
        const size = Math.ceil(pieces.length / 8);
        const send = (): unknown =>
          pieces.length === 0
            ? response.end()
            : (response.write(Buffer.from(pieces.splice(0, size))), setTimeout(send, 80));
        send();
      }),
      { options: { idleMs: 500 } },
    );
    assert.equal(result.ok && result.value.contents.size, 3);
  });
});

describe("a registry that refuses layers", () => {
  const secret = "hunter2-secret";
  const login: Credentials = {
    find: () => Promise.resolve({ credential: { kind: "basic", username: "ada", password: secret } }),
  };
  const refusing =
    (answer: BlobAnswerer): Answerer =>
    (request, response, index) =>
      blobRequestOf(request) ? answer(response, request) : registry(content)(request, response, index);
  const blobRequestOf = ({ line }: SeenRequest): boolean =>
    content.images[0]?.layers.some(({ digest }) => line.endsWith(digest)) ?? false;

  test("a registry that requires a login is unauthorized", async () => {
    const { result } = await read(
      refusing((response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end()),
    );
    assert.equal(!result.ok && result.error.kind, "unauthorized");
  });
  test("a registry that receives too many requests is rate limiting", async () => {
    const { result } = await read(refusing((response) => void response.writeHead(429, { "retry-after": "60" }).end()));
    assert.equal(!result.ok && result.error.kind, "rateLimited");
  });
  test("a registry that is gone is unreachable", async () => {
    const server = await serve(registry(content));
    const image = await imageAt(server);
    await server.stop();
    const result = await reader().layers(image, {}, signal);
    assert.equal(!result.ok && result.error.kind, "registryUnreachable");
  });
  test("a refused layer stops requests for further ones", async () => {
    const many = await imageContent({ layers: Array.from({ length: 9 }, (_, index) => ({ [`file${index}`]: "x" })) });
    const layers = many.images[0]?.layers ?? [];
    const isLayer = ({ line }: SeenRequest): boolean => layers.some(({ digest }) => line.endsWith(digest));
    const { result, server } = await read((request, response, index) =>
      isLayer(request) ? void response.writeHead(429).end() : registry(many)(request, response, index),
    );
    assert.equal(!result.ok && result.error.kind, "rateLimited");
    assert.equal(server.requests.filter(isLayer).length, 3);
  });
  test("a redirect to another host is followed without the login", async () => {
    const store = await serve((request, response, index) =>
      registry(content)({ ...request, line: request.line.replace("/store/", "/v2/a/b/blobs/") }, response, index),
    );
    const { result, server } = await read(
      refusing((response, { line, authorization }) => {
        if (authorization === undefined) response.writeHead(401, { "www-authenticate": "Basic" }).end();
        else response.writeHead(307, { location: `http://${store.host}/store/${line.split("/").at(-1)}` }).end();
      }),
      { options: { credentials: login } },
    );
    assert.equal(result.ok && result.value.contents.size, 3);
    assert.deepEqual(
      store.requests.map(({ authorization }) => authorization),
      [undefined, undefined, undefined],
    );
    assert.ok(server.requests.some(({ authorization }) => authorization?.startsWith("Basic ")));
    assert.doesNotMatch(JSON.stringify(result), new RegExp(secret));
  });
  test("a redirect of a layer into the local network is not followed", async () => {
    const { result } = await read(
      refusing((response) => void response.writeHead(307, { location: "http://169.254.169.254/" }).end()),
    );
    assert.equal(!result.ok && result.error.kind, "badAnswer");
  });
  test("an invalid name is an error", async () => {
    const server = await serve(registry(content));
    const result = await reader().layers({ ...(await imageAt(server)), reference: "UPPER//case" }, {}, signal);
    assert.equal(!result.ok && result.error.kind, "badReference");
  });
});

describe("cancelling a download", () => {
  test("cancelling closes the connection in the middle of a body", async () => {
    let closed: Promise<unknown> | undefined;
    const server = await serve(
      except(middleDigest, (response) => {
        closed = once(response, "close");
        response.writeHead(200).write(middleBlob.subarray(0, 30));
        setTimeout(() => controller.abort(), 20);
      }),
    );
    const controller = new AbortController();
    await assert.rejects(reader().layers(await imageAt(server), {}, controller.signal), { name: "AbortError" });
    assert.ok(closed);
    await closed;
  });
  test("cancelling doesn't wait for other downloads", async () => {
    const server = await serve((request, response, index) =>
      request.line.includes("/blobs/") && blobRequests(server).length > 0 && request.line.endsWith(middleDigest)
        ? void response.writeHead(200).write("x")
        : registry(content)(request, response, index),
    );
    const image = await imageAt(server);
    const stuck = new AbortController();
    const shared = reader();
    // Four stalled downloads use all connections to the registry.
    const wanted = [image.layers[1]?.diffId as DiffId];
    const others = Array.from({ length: 4 }, () => shared.layers(image, { wanted }, stuck.signal));
    const waiting = new AbortController();
    const queued = shared.layers(image, {}, waiting.signal);
    setTimeout(() => waiting.abort(), 50);
    await assert.rejects(queued, { name: "AbortError" });
    stuck.abort();
    for (const other of others) await assert.rejects(other, { name: "AbortError" });
  });
});
