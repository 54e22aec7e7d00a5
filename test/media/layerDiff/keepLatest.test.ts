import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { keepLatest } from "../../../media/layerDiff/keepLatest.ts";

const page = new EventTarget();
before(() => {
  Object.assign(globalThis, { window: page });
  mock.timers.enable({ apis: ["setTimeout"] });
});
after(() => {
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, "window");
});

test("the first state of a burst is kept at once, and then the latest in each interval", () => {
  const kept: unknown[] = [];
  const { keep } = keepLatest((state) => kept.push(state));
  for (const state of [1, 2, 3]) keep(state);
  assert.deepEqual(kept, [1]);
  mock.timers.tick(100);
  assert.deepEqual(kept, [1, 3]);
  keep(4);
  assert.deepEqual(kept, [1, 3]);
  mock.timers.tick(100);
  assert.deepEqual(kept, [1, 3, 4]);
  mock.timers.tick(100);
  keep(5);
  assert.deepEqual(kept, [1, 3, 4, 5]);
  mock.timers.tick(200);
  assert.deepEqual(kept, [1, 3, 4, 5]);
});

test("a page that asks for something, loses the focus or is left keeps its latest state before", () => {
  const kept: unknown[] = [];
  const { keep, flush } = keepLatest((state) => kept.push(state));
  const leave: readonly (() => unknown)[] = [
    flush,
    () => page.dispatchEvent(new Event("blur")),
    () => page.dispatchEvent(new Event("pagehide")),
  ];
  keep("first");
  for (const [index, act] of leave.entries()) {
    keep(index);
    act();
    act();
  }
  assert.deepEqual(kept, ["first", 0, 1, 2]);
  mock.timers.tick(300);
});
