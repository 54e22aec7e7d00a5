import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { createHintRefresh } from "../../server/src/hintRefresh.ts";

describe("a refresh of inlay hints", () => {
  test("a refresh that the editor loses is repeated until it requests hints", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    assert.equal(send.mock.callCount(), 1);
    pass(499);
    assert.equal(send.mock.callCount(), 1, "an editor has half a second to request");
    pass(1);
    assert.equal(send.mock.callCount(), 2);
    pass(1_000);
    assert.equal(send.mock.callCount(), 3);
    refresh.requested();
    pass(60_000);
    assert.equal(send.mock.callCount(), 3);
  });

  test("a refresh is given up for an editor that no longer shows a Dockerfile", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    for (let second = 0; second < 600; second++) pass(1_000);
    assert.equal(send.mock.callCount(), 7);
  });

  test("a refresh is sent once to an editor that never requested hints", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.outdated();
    pass(60_000);
    assert.equal(send.mock.callCount(), 1);
  });

  test("a refresh replaces the previous one", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    refresh.outdated();
    assert.equal(send.mock.callCount(), 2);
    pass(500);
    assert.equal(send.mock.callCount(), 3);
  });

  test("a refresh ends with the server", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    refresh.dispose();
    pass(60_000);
    assert.equal(send.mock.callCount(), 1);
  });
});

function setUp({ mock: { timers } }: { mock: typeof mock }) {
  timers.enable({ apis: ["setTimeout"] });
  const send = mock.fn();
  return { send, refresh: createHintRefresh(send), pass: (ms: number) => timers.tick(ms) };
}
