import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOptions, groupings, sortings } from "../../../client/src/images/viewOptions.ts";
import { settings } from "../../../server/protocol/settings.ts";

test("invalid settings become the defaults", () => {
  assert.deepEqual(decodeOptions({ groupBy: "base", sortBy: "size", showsDangling: false }, "x"), {
    groupBy: "base",
    sortBy: "size",
    showsDangling: false,
    filter: "x",
  });
  assert.deepEqual(decodeOptions({ groupBy: "colour", sortBy: "", showsDangling: true }, "x"), {
    groupBy: "repository",
    sortBy: "created",
    showsDangling: true,
    filter: "x",
  });
});

test("the settings offer all options of the view", () => {
  assert.deepEqual(
    ["groupBy", "sortBy"].map((key) => settings.find((setting) => setting.key === `images.${key}`)?.enum),
    [groupings, sortings],
  );
});
