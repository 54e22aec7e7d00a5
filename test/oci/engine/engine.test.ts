import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEngine } from "../../../oci/engine/engine.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";

const signal = new AbortController().signal;

const fakes = useFakeEngines();

function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

describe("a missing engine", () => {
  test("an error names the missing engine's endpoint and what to do", async () => {
    const error = errorOf(await createEngine(socketConnection(fakes.socketPath()), unsupportedLayers).list(signal));
    assert.equal(error.kind, "engineUnreachable");
    assert.match(error.message, /^no engine is responding at unix:\/\/.*d\.sock \(ENOENT\); start it/);
  });
  test("a missing engine is reported for any form of DOCKER_HOST", async () => {
    const { engine, server } = await fakes.answering({ "/images/json": [] }, "1.51");
    process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
    try {
      assert.ok((await engine.list(signal)).ok);
      assert.ok((await createEngine(socketConnection(fakes.socketPath()), unsupportedLayers).list(signal)).ok);
      assert.equal(process.env["DOCKER_HOST"], "tcp://127.0.0.1:1");
    } finally {
      delete process.env["DOCKER_HOST"];
    }
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ["GET /_ping", "GET /v1.51/images/json", "GET /_ping", "GET /v1.51/images/json"],
    );
  });
  test("a TCP port without a listener is unreachable", async () => {
    const error = errorOf(
      await createEngine(
        { endpoint: "tcp://127.0.0.1:1", protocol: "http", host: "127.0.0.1", port: 1 },
        unsupportedLayers,
      ).ping(signal),
    );
    assert.equal(error.kind, "engineUnreachable");
  });
});

describe("a server that isn't an engine", () => {
  test("a response in another protocol is a bad answer", async () => {
    assert.equal(
      errorOf(await (await fakes.saying((socket) => socket.end("SSH-2.0-OpenSSH\r\n"))).ping(signal)).kind,
      "badAnswer",
    );
  });
  test("another kind of HTTP server is reported as not being a Docker engine", async () => {
    const { engine } = await fakes.speaking((_, response) => void response.end("<html>hello"));
    assert.match(errorOf(await engine.list(signal)).message, /is not a Docker engine/);
  });
  test("an engine's redirect is never followed", async () => {
    for (const location of ["http://192.168.0.1/", "foo:bar", "http://[", "/x"]) {
      const { engine, server } = await fakes.speaking(
        (_, response) => void response.writeHead(301, { location }).end(),
      );
      assert.match(errorOf(await engine.ping(signal)).message, /redirect/);
      assert.equal(server.requests.length, 1);
      await fakes.stop();
    }
  });
  test("a server that hangs up is unreachable", async () => {
    const error = errorOf(await (await fakes.saying((socket) => socket.destroy())).ping(signal));
    assert.equal(error.kind, "engineUnreachable");
    assert.match(error.message, /closed the connection during the request/);
  });
  test("a silent server times out after 5 s", async (context) => {
    const engine = await fakes.saying(() => context.mock.timers.tick(10_000));
    context.mock.timers.enable({ apis: ["setTimeout"] });
    assert.match(
      errorOf(await engine.ping(signal)).message,
      /did not respond to the request for its version within 5 s/,
    );
  });
  test("a silent server is left on cancellation", async () => {
    const engine = await fakes.saying(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(engine.list(controller.signal), { name: "AbortError" });
  });
});

describe("responses of engines", () => {
  test("an engine's error is reported with its reason, on one line", async () => {
    const { engine } = await fakes.speaking(
      ({ line }, response) =>
        void (line.endsWith("/_ping")
          ? response.writeHead(200, { "api-version": "1.41" }).end("OK")
          : response.writeHead(500).end(JSON.stringify({ message: "out of\n\u001b[31mdisk" }))),
    );
    const error = errorOf(await engine.list(signal));
    assert.equal(error.kind === "badAnswer" && error.status, 500);
    assert.match(error.message, /\(500\): out of \[31mdisk$/);
  });
  test("the older of the two versions is used, and renegotiated after the engine was lost", async () => {
    const { engine, server } = await fakes.answering({ "/images/json": [] }, "1.99");
    await engine.list(signal);
    await engine.list(signal);
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ["GET /_ping", "GET /v1.56/images/json", "GET /v1.56/images/json"],
    );
    await fakes.stop();
    assert.equal(errorOf(await engine.list(signal)).kind, "engineUnreachable");
    const { server: next } = await fakes.answering({ "/images/json": [] }, "1.40");
    assert.ok((await engine.list(signal)).ok);
    assert.deepEqual(
      next.requests.map(({ line }) => line),
      ["GET /_ping", "GET /v1.40/images/json", "GET /v1.40/containers/json?all=1"],
    );
  });
});
