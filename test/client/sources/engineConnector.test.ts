import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EngineConnector, type EngineStatus } from "../../../client/src/sources/engineConnector.ts";
import { startMinimalEngine } from "../../support/engines/minimalEngine.ts";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "imagewright-connector-"))));
after(() => rm(folder, { recursive: true }));

test(
  "an engine that starts later, stops and comes back is followed automatically",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const socket = join(folder, "engine.sock");
    const { connector, next } = keep(socket);
    await connector.connect();
    assert.equal(await next(), "absent");
    let engine = await startMinimalEngine(socket);
    assert.equal(await next(), "ready");
    await engine.stop();
    assert.equal(await next(), "absent");
    engine = await startMinimalEngine(socket);
    assert.equal(await next(), "ready");
    connector.dispose();
    await engine.stop();
  },
);

test("after dispose nothing is reported", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const socket = join(folder, "disposed.sock");
  const { connector, next, states } = keep(socket);
  await connector.connect();
  await next();
  connector.dispose();
  const engine = await startMinimalEngine(socket);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(states, []);
  await engine.stop();
});

test(
  "looking again or disconnecting while an engine is slow causes no error from the first lookup",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const socket = join(folder, "silent.sock");
    let wasAsked: () => void = () => undefined;
    const silent = createServer(() => wasAsked());
    await new Promise<void>((resolve) => silent.listen(socket, resolve));
    const { connector, states } = keep(socket);
    const looks: Promise<void>[] = [];
    for (const end of [() => undefined, () => connector.dispose()]) {
      const asked = new Promise<void>((resolve) => (wasAsked = resolve));
      looks.push(connector.connect());
      await asked;
      end();
    }
    await Promise.all(looks);
    assert.deepEqual(states, []);
    silent.close();
  },
);

test(
  "an engine that refuses its events is still used, and events are not requested repeatedly",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const socket = join(folder, "eventless.sock");
    const asked: string[] = [];
    const eventless = createServer((request, response) => {
      asked.push(request.url?.includes("/events") ? "events" : "ping");
      response
        .setHeader("Api-Version", "1.41")
        .writeHead(asked.at(-1) === "events" ? 403 : 200)
        .end("{}");
    });
    await new Promise<void>((resolve) => eventless.listen(socket, resolve));
    const states: string[] = [];
    const noticed = new Promise<string>((resolve) => {
      const connector = new EngineConnector({
        host: () => `unix://${socket}`,
        onState: ({ kind }) => states.push(kind),
        onImagesChanged: () => undefined,
        onNotice: (text) => resolve((connector.dispose(), text)),
        firstRetryMs: 20,
      });
      connector.connect().catch((error: unknown) => assert.fail(String(error)));
    });
    assert.match(await noticed, /images aren't updated automatically/);
    assert.deepEqual([states, asked], [["ready"], ["ping", "events"]]);
    eventless.closeAllConnections();
    eventless.close();
  },
);

test(
  "an engine whose events end immediately is not looked for at once",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const socket = join(folder, "ending.sock");
    const asked: string[] = [];
    let hasEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (hasEnded = resolve));
    const ending = createServer((request, response) => {
      asked.push(request.url?.includes("/events") ? "events" : "ping");
      response
        .once("close", () => asked.includes("events") && hasEnded())
        .setHeader("Api-Version", "1.41")
        .end();
    });
    await new Promise<void>((resolve) => ending.listen(socket, resolve));
    const connector = new EngineConnector({
      host: () => `unix://${socket}`,
      onState: () => undefined,
      onImagesChanged: () => undefined,
      onNotice: (text) => assert.fail(text),
      firstRetryMs: 60_000,
    });
    await connector.connect();
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(asked, ["ping", "events"]);
    connector.dispose();
    ending.closeAllConnections();
    ending.close();
  },
);

test(
  "an engine whose events broke off is the same one, but all its images are read again",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const socket = join(folder, "breaking.sock");
    const listening: ServerResponse[] = [];
    const breaking = createServer((request, response) => {
      response.setHeader("Api-Version", "1.41");
      if (!request.url?.includes("/events")) return void response.end();
      response.flushHeaders();
      if (listening.push(response) === 1) setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => breaking.listen(socket, resolve));
    const states: string[] = [];
    const changed = await new Promise<readonly string[] | "all">((resolve) => {
      const connector = new EngineConnector({
        host: () => `unix://${socket}`,
        onState: ({ kind }) => states.push(kind),
        onImagesChanged: (what) => resolve((connector.dispose(), what)),
        onNotice: (text) => assert.fail(text),
        firstRetryMs: 20,
      });
      connector.connect().catch((error: unknown) => assert.fail(String(error)));
    });
    assert.deepEqual([states, changed], [["ready"], "all"]);
    breaking.closeAllConnections();
    breaking.close();
  },
);

test(
  "docker context use switches engines, and docker login doesn't cause a lookup",
  { skip: process.platform === "win32", timeout: 20_000 },
  async (context) => {
    const { env } = process;
    context.after(() => void (process.env = env));
    process.env = { DOCKER_CONFIG: folder };
    const engines = await Promise.all(["a", "b"].map((name) => startMinimalEngine(join(folder, `${name}.sock`))));
    for (const name of ["a", "b"]) await writeContext(name);
    const places: string[] = [];
    const connector = new EngineConnector({
      host: () => "",
      onState: (state) => places.push(state.kind === "ready" ? state.label : state.kind),
      onImagesChanged: () => undefined,
      onNotice: (text) => assert.fail(text),
    });
    const write = (config: object): Promise<void> => writeFile(join(folder, "config.json"), JSON.stringify(config));
    await write({ currentContext: "a" });
    await connector.connect();
    await write({ currentContext: "a", auths: {} });
    await connector.reloadContext();
    await write({ currentContext: "b" });
    await connector.reloadContext();
    const [a, b] = ["a", "b"].map((name) => `unix://${folder}/${name}.sock (Docker context ${name})`);
    assert.deepEqual(places, [a, "looking", b]);
    connector.dispose();
    await Promise.all(engines.map((engine) => engine.stop()));
  },
);

async function writeContext(name: string): Promise<void> {
  const path = join(folder, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(path, { recursive: true });
  await writeFile(
    join(path, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: `unix://${folder}/${name}.sock` } } }),
  );
}

/** Records what a connector reports; `next` waits for a state of another kind than the last. */
function keep(socket: string): {
  connector: EngineConnector;
  next(): Promise<EngineStatus["kind"]>;
  states: EngineStatus["kind"][];
} {
  const states: EngineStatus["kind"][] = [];
  let last: EngineStatus["kind"] | undefined;
  let wake: () => void = () => undefined;
  const connector = new EngineConnector({
    host: () => `unix://${socket}`,
    onState: ({ kind }) => {
      if (kind !== last) states.push((last = kind));
      wake();
    },
    onImagesChanged: () => undefined,
    onNotice: (text) => assert.fail(text),
    firstRetryMs: 20,
  });
  const next = async (): Promise<EngineStatus["kind"]> => {
    for (;;) {
      const state = states.shift();
      if (state !== undefined) return state;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { connector, next, states };
}
