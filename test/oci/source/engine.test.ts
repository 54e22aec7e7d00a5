import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createEngine, type Engine } from "../../../oci/source/engine.ts";
import { watchEngine } from "../../../oci/source/engineEvents.ts";
import { socketConnection } from "../../../oci/source/endpointHost.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { LayerReader } from "../../../oci/source/source.ts";
import { startFakeServer, type Answerer, type FakeServer } from "../../support/fakeServer.ts";

const signal = new AbortController().signal;
const noLayers: LayerReader = { layers: () => Promise.reject(new Error("not asked for here")) };
const digest = `sha256:${"a".repeat(64)}`;
const index = `sha256:${"b".repeat(64)}`;
const manifest = `sha256:${"c".repeat(64)}`;

let folder: string;
let socketPath: string;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "iw-engine-"));
  socketPath = join(folder, "d.sock");
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true });
});

/** An engine that answers these paths (without version and query) as a real one would not. */
async function engineWith(answers: Readonly<Record<string, unknown>>, apiVersion = "1.41"): Promise<{ readonly engine: Engine; readonly server: FakeServer }> {
  return engineOf(({ line }, response) => {
    const path = line.replace(/^GET (\/v[0-9.]+)?/, "").split("?")[0] ?? "";
    if (path === "/_ping") return void response.writeHead(200, { "api-version": apiVersion }).end("OK");
    const body = answers[path];
    response.writeHead(body === undefined ? 404 : 200).end(typeof body === "string" ? body : JSON.stringify(body ?? { message: `no ${path}` }));
  });
}

async function engineOf(answer: Answerer): Promise<{ readonly engine: Engine; readonly server: FakeServer }> {
  const server = await startFakeServer(answer, socketPath);
  stops.push(() => server.stop());
  return { engine: createEngine(socketConnection(socketPath), noLayers), server };
}

/** A server that is not even HTTP. */
async function engineSaying(speak: (socket: Socket) => void): Promise<Engine> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return createEngine(socketConnection(socketPath), noLayers);
}

function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

describe("an engine that is not there", () => {
  test("names the endpoint and what to do", async () => {
    const error = errorOf(await createEngine(socketConnection(socketPath), noLayers).list(signal));
    assert.equal(error.kind, "engineUnreachable");
    assert.match(error.message, /^no container engine answers at unix:\/\/.*d\.sock \(ENOENT\); start it/);
  });
  test("whatever DOCKER_HOST says", async () => {
    const { engine, server } = await engineWith({ "/images/json": [] });
    process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
    try {
      assert.ok((await engine.list(signal)).ok);
      assert.ok((await createEngine(socketConnection(socketPath), noLayers).list(signal)).ok);
      assert.equal(process.env["DOCKER_HOST"], "tcp://127.0.0.1:1");
    } finally {
      delete process.env["DOCKER_HOST"];
    }
    assert.equal(server.requests.length, 4);
  });
  test("and nothing at a TCP port", async () => {
    const error = errorOf(await createEngine({ endpoint: "tcp://127.0.0.1:1", protocol: "http", host: "127.0.0.1", port: 1 }, noLayers).ping(signal));
    assert.equal(error.kind, "engineUnreachable");
  });
});

describe("what is no engine", () => {
  test("another protocol", async () => {
    assert.equal(errorOf(await (await engineSaying((socket) => socket.end("SSH-2.0-OpenSSH\r\n"))).ping(signal)).kind, "badAnswer");
  });
  test("an HTTP server of another kind", async () => {
    const { engine } = await engineOf((_, response) => void response.end("<html>hello"));
    assert.match(errorOf(await engine.list(signal)).message, /is no Docker engine/);
  });
  test("one that redirects, wherever to", async () => {
    for (const location of ["http://192.168.0.1/", "foo:bar", "http://[", "/x"]) {
      const { engine, server } = await engineOf((_, response) => void response.writeHead(301, { location }).end());
      assert.match(errorOf(await engine.ping(signal)).message, /redirect/);
      assert.equal(server.requests.length, 1);
      await stops.pop()?.();
    }
  });
  test("one that hangs up", async () => {
    const error = errorOf(await (await engineSaying((socket) => socket.destroy())).ping(signal));
    assert.equal(error.kind, "engineUnreachable");
    assert.match(error.message, /hung up/);
  });
  test("one that stops in the middle", async () => {
    const { engine } = await engineOf(({ line }, response) => {
      if (line.endsWith("/_ping")) return void response.writeHead(200, { "api-version": "1.41" }).end("OK");
      response.writeHead(200, { "content-length": 1000 }).write("[");
      setTimeout(() => response.destroy(), 10);
    });
    assert.equal(errorOf(await engine.list(signal)).kind, "engineUnreachable");
  });
  test("one that says nothing", async (context) => {
    const engine = await engineSaying(() => context.mock.timers.tick(10_000));
    context.mock.timers.enable({ apis: ["setTimeout"] });
    assert.match(errorOf(await engine.ping(signal)).message, /did not answer for its version within 5 s/);
  });
  test("one that says nothing, cancelled", async () => {
    const engine = await engineSaying(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(engine.list(controller.signal), { name: "AbortError" });
  });
});

describe("answers of engines", () => {
  test("garbage instead of a list", async () => {
    for (const body of ["{", "{}", "[1]", '[{"Id":7}]', "null x", '[{"Id":"a","RepoTags":{}}]']) {
      const { engine } = await engineWith({ "/images/json": body });
      assert.equal(errorOf(await engine.list(signal)).kind, "badAnswer", body);
      await stops.pop()?.();
    }
  });
  test("an error with its reason, on one line", async () => {
    const { engine } = await engineOf(({ line }, response) =>
      void (line.endsWith("/_ping") ? response.writeHead(200, { "api-version": "1.41" }).end("OK") : response.writeHead(500).end(JSON.stringify({ message: "out of\n\u001b[31mdisk" }))));
    const error = errorOf(await engine.list(signal));
    assert.equal(error.kind === "badAnswer" && error.status, 500);
    assert.match(error.message, /\(500\): out of \[31mdisk$/);
  });
  test("a list of old engines: <none>, null, and newest first", async () => {
    const { engine } = await engineWith({ "/images/json": [{ Id: digest, RepoTags: null, Created: 1 }, { Id: "d".repeat(64), RepoTags: ["<none>:<none>", "a:1"], RepoDigests: ["<none>@<none>"], Created: 2, Size: 3, Containers: -1 }] });
    assert.deepEqual(await engine.list(signal), { ok: true, value: [
      { id: `sha256:${"d".repeat(64)}`, tags: ["a:1"], repoDigests: [], created: 2, engineBytes: 3 },
      { id: digest, tags: [], repoDigests: [], created: 1 },
    ] });
  });
  const inspect = { Id: digest, RepoTags: ["a:1"], RepoDigests: [`a@${index}`], Os: "linux", Architecture: "amd64", Size: 9, Config: { User: "ada", Env: null }, RootFS: { Type: "layers", Layers: [digest] } };
  const history = [{ Id: digest, Created: 1, CreatedBy: "/bin/sh -c #(nop)  CMD", Size: 0 }, { Id: "<missing>", Created: -62135596800, CreatedBy: "/bin/sh -c #(nop) ADD file:x in / ", Size: 9 }];

  test("the classic store: the ID is the config's digest, the history is inferred", async () => {
    const { engine } = await engineWith({ [`/images/${digest.replace(":", "%3A")}/history`]: history, [`/images/a%3A1/json`]: inspect });
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    const { configDigest, indexDigest, historyPairing, layers, emptyStepsAfter, engineBytes } = image.value;
    assert.deepEqual([configDigest, indexDigest, historyPairing, layers[0]?.engineBytes, layers[0]?.step?.created, emptyStepsAfter.length, engineBytes], [digest, undefined, "inferred", 9, undefined, 1, 9]);
  });
  test("the containerd store: index and manifest digests, never a config digest", async () => {
    const Manifests = [
      { Descriptor: { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: manifest, size: 1 }, Kind: "image", Available: true, ImageData: { Platform: { os: "linux", architecture: "amd64" }, Size: { Unpacked: 77 } } },
      { Descriptor: { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1 }, Kind: "attestation", Available: true },
    ];
    const answer = { ...inspect, Id: index, Descriptor: { mediaType: "application/vnd.oci.image.index.v1+json", digest: index, size: 1 }, Manifests };
    const { engine, server } = await engineWith({ "/images/a%3A1/json": answer, [`/images/${index.replace(":", "%3A")}/history`]: history }, "1.51");
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    const { configDigest, indexDigest, manifestDigest, engineBytes } = image.value;
    assert.deepEqual([configDigest, indexDigest, manifestDigest, engineBytes], [undefined, index, manifest, 77]);
    assert.equal(server.requests[1]?.line, "GET /v1.51/images/a%3A1/json?manifests=1");
  });
  test("an older containerd store is told by /info", async () => {
    const { engine } = await engineWith({ "/images/a%3A1/json": inspect, [`/images/${digest.replace(":", "%3A")}/history`]: history, "/info": { DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] } }, "1.44");
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    assert.equal(image.value.configDigest, undefined);
  });
  test("another platform than the engine has", async () => {
    const { engine } = await engineWith({ "/images/a%3A1/json": inspect });
    const error = errorOf(await engine.image("a:1", { platform: { os: "linux", architecture: "arm64" } }, signal));
    assert.equal(error.kind, "notFound");
    assert.match(error.message, /for linux\/amd64 only; pull it for linux\/arm64/);
  });
  test("names that would be other paths are refused", async () => {
    const { engine, server } = await engineWith({});
    for (const name of ["../containers/json", "a/../../info", "a?x=1", "", "a b", "A", "/"]) assert.equal(errorOf(await engine.image(name, {}, signal)).kind, "badReference", name);
    assert.deepEqual(server.requests.map(({ line }) => line), ["GET /_ping"]);
  });
  test("the version is the older of the two, and asked again after the engine was lost", async () => {
    const { engine, server } = await engineWith({ "/images/json": [] }, "1.99");
    await engine.list(signal);
    await engine.list(signal);
    assert.deepEqual(server.requests.map(({ line }) => line), ["GET /_ping", "GET /v1.51/images/json", "GET /v1.51/images/json"]);
    await stops.pop()?.();
    assert.equal(errorOf(await engine.list(signal)).kind, "engineUnreachable");
    const { server: next } = await engineWith({ "/images/json": [] }, "1.40");
    assert.ok((await engine.list(signal)).ok);
    assert.deepEqual(next.requests.map(({ line }) => line), ["GET /_ping", "GET /v1.40/images/json"]);
  });
  test("a body without end", async () => {
    const { engine } = await engineOf(({ line }, response) => {
      if (line.endsWith("/_ping")) return void response.writeHead(200, { "api-version": "1.41" }).end("OK");
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, " "))) continue;
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
    });
    assert.equal(errorOf(await engine.image("a:1", {}, signal)).kind, "tooLarge");
  });
});

describe("events", () => {
  test("what changes images is announced once, in both forms, and reading is not", async () => {
    const lines = ['{"status":"save","id":"x"}\n', '{"Type":"image","Action":"tag","Actor":{"ID":"sha256:1"}}\n{"status":"untag","id":"sha2', '56:2"}\n', '\u001e{"Type":"image","Action":"delete","Actor":{"ID":"sha256:1"}}\n', "garbage\n", '{"Type":"container","Action":"create","Actor":{"ID":"c"}}\n'];
    await engineOf((_, response) => {
      response.writeHead(200);
      for (const line of lines) response.write(line);
    });
    const changed = await new Promise((resolve) => {
      const watch = watchEngine(socketConnection(socketPath), { onImagesChanged: resolve, debounceMs: 50 });
      stops.unshift(() => Promise.resolve(watch.dispose()));
    });
    assert.deepEqual(changed, ["sha256:1", "sha256:2"]);
  });
  test("after the engine came back, everything may have changed", async () => {
    const states: boolean[] = [];
    const first = await startFakeServer((_, response) => void response.writeHead(200).flushHeaders(), socketPath);
    const changed = new Promise((resolve) => {
      const watch = watchEngine(socketConnection(socketPath), { onImagesChanged: resolve, onConnection: ({ isConnected }) => states.push(isConnected), debounceMs: 1 });
      stops.unshift(() => Promise.resolve(watch.dispose()));
    });
    while (states.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.stop();
    await engineOf((_, response) => void response.writeHead(200).flushHeaders());
    assert.equal(await changed, "all");
    assert.deepEqual([states[0], states[1], states.at(-1)], [true, false, true]);
  });
  test("an event without end is given up", async () => {
    const { server } = await engineOf((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) continue;
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
    });
    await new Promise<void>((resolve) => {
      const watch = watchEngine(socketConnection(socketPath), { onImagesChanged: () => undefined, onConnection: ({ isConnected }) => isConnected || resolve() });
      stops.unshift(() => Promise.resolve(watch.dispose()));
    });
    assert.ok(server.requests.length >= 1);
  });
});
