import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EngineKeeper, type Keeping } from "../../../client/src/sources/engineKeeper.ts";
import { startEngineStandIn } from "../../support/engineStandIn.ts";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "imagewright-keeper-"))));
after(() => rm(folder, { recursive: true }));

test("an engine that comes later, goes and comes back is followed without anyone asking", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const socket = join(folder, "engine.sock");
  const { keeper, next } = keep(socket);
  await keeper.connect();
  assert.equal(await next(), "absent");
  let engine = await startEngineStandIn(socket);
  assert.equal(await next(), "ready");
  await engine.stop();
  assert.equal(await next(), "absent");
  engine = await startEngineStandIn(socket);
  assert.equal(await next(), "ready");
  keeper.dispose();
  await engine.stop();
});

test("after dispose nothing is told any more", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const socket = join(folder, "disposed.sock");
  const { keeper, next, states } = keep(socket);
  await keeper.connect();
  await next();
  keeper.dispose();
  const engine = await startEngineStandIn(socket);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(states, []);
  await engine.stop();
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
