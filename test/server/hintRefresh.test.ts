import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { createHintRefresh } from "../../server/src/hintRefresh.ts";

describe("a refresh of inlay hints", () => {
  test("that the editor loses is repeated until the editor requests hints", (context) => {
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

  test("of an editor that shows no Dockerfile any more is given up", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    for (let second = 0; second < 600; second++) pass(1_000);
    assert.equal(send.mock.callCount(), 7);
  });

  test("of an editor that never requested hints is sent once", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.outdated();
    pass(60_000);
    assert.equal(send.mock.callCount(), 1);
  });

  test("replaces the one before", (context) => {
    const { send, refresh, pass } = setUp(context);
    refresh.requested();
    refresh.outdated();
    refresh.outdated();
    assert.equal(send.mock.callCount(), 2);
    pass(500);
    assert.equal(send.mock.callCount(), 3);
  });

  test("ends with the server", (context) => {
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
