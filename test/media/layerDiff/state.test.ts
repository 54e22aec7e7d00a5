import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeState, initialState, type ViewState } from "../../../media/layerDiff/state.ts";

test("a stored state is restored", () => {
  const state: ViewState = {
    ...initialState,
    sort: "delta",
    open: ["usr"],
    current: "usr/bin",
    scrollTop: 44,
    hasDetails: true,
    isFlat: true,
  };
  assert.deepEqual(decodeState(JSON.parse(JSON.stringify(state))), state);
});

test("an invalid stored state gives the initial one", () => {
  for (const kept of [undefined, null, 3, "x", {}, { filter: {} }, [], { filter: { shown: 1 } }])
    assert.deepEqual(decodeState(kept), initialState);
});
