import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { createLensClock } from "../../../server/src/lensClock.ts";

const span = { start: 0, end: 4 };
const minute = 60_000;

function setUp(context: TestContext) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const refresh = mock.fn();
  return { refresh, clock: createLensClock(refresh), pass: (ms: number) => context.mock.timers.tick(ms) };
}

test("lenses that name an age in minutes are refreshed once a minute, however often they are requested", (context) => {
  const { refresh, clock, pass } = setUp(context);
  for (let requests = 0; requests < 3; requests++)
    clock.shown([{ span, title: "a:1, built 5 min ago", isAgeing: true }]);
  pass(minute - 1);
  assert.equal(refresh.mock.callCount(), 0);
  pass(1);
  assert.equal(refresh.mock.callCount(), 1);
  pass(60 * minute);
  assert.equal(refresh.mock.callCount(), 1, "the editor no longer requests lenses");
});

test("other lenses are not refreshed, nor those of a server that ends", (context) => {
  const { refresh, clock, pass } = setUp(context);
  clock.shown([{ span, title: "a:1, built 2 hours ago" }]);
  pass(60 * minute);
  clock.shown([{ span, title: "a:1, built 5 min ago", isAgeing: true }]);
  clock.dispose();
  pass(60 * minute);
  assert.equal(refresh.mock.callCount(), 0);
});
