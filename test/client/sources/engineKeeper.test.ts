import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EngineKeeper, type Keeping } from "../../../client/src/sources/engineKeeper.ts";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "imagewright-keeper-"))));
after(() => rm(folder, { recursive: true }));

test("an engine that comes later, goes and comes back is followed without anyone asking", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const socket = join(folder, "engine.sock");
  const { keeper, next } = keep(socket);
  await keeper.connect();
  assert.equal(await next(), "absent");
  let engine = await startEngine(socket);
  assert.equal(await next(), "ready");
  await stopEngine(engine);
  assert.equal(await next(), "absent");
  engine = await startEngine(socket);
  assert.equal(await next(), "ready");
  keeper.dispose();
  await stopEngine(engine);
});

test("after dispose nothing is told any more", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const socket = join(folder, "disposed.sock");
  const { keeper, next, states } = keep(socket);
  await keeper.connect();
  await next();
  keeper.dispose();
  const engine = await startEngine(socket);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(states, []);
  await stopEngine(engine);
});

/** Follows what a keeper says; `next` waits for a state of another kind than the last. */
function keep(socket: string): { keeper: EngineKeeper; next(): Promise<Keeping["kind"]>; states: Keeping["kind"][] } {
  const states: Keeping["kind"][] = [];
  let last: Keeping["kind"] | undefined;
  let wake: () => void = () => undefined;
  const keeper = new EngineKeeper({
    host: () => `unix://${socket}`,
    onState: ({ kind }) => {
      if (kind !== last) states.push((last = kind));
      wake();
    },
    onImagesChanged: () => undefined,
    onNotice: (text) => assert.fail(text),
    firstRetryMs: 20,
  });
  const next = async (): Promise<Keeping["kind"]> => {
    for (;;) {
      const state = states.shift();
      if (state !== undefined) return state;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { keeper, next, states };
}

/** As much of an engine as a keeper asks: a ping, and events that never come. */
async function startEngine(socket: string): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader("Api-Version", "1.41").setHeader("Ostype", "linux");
    if (request.url?.includes("/events")) response.writeHead(200).flushHeaders();
    else response.end("OK");
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}

async function stopEngine(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
