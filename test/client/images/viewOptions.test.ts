import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOptions, groupings, sortings } from "../../../client/src/images/viewOptions.ts";
import { settings } from "../../../server/protocol/settings.ts";

test("settings that are none of ours take their defaults", () => {
  const get = (values: Readonly<Record<string, unknown>>) => decodeOptions((key) => values[key], "x");
  assert.deepEqual(get({ groupBy: "base", sortBy: "size", showDangling: false }), {
    groupBy: "base",
    sortBy: "size",
    showsDangling: false,
    filter: "x",
  });
  assert.deepEqual(get({ groupBy: "colour", sortBy: 1 }), {
    groupBy: "repository",
    sortBy: "created",
    showsDangling: true,
    filter: "x",
  });
});

test("the settings offer what the view knows", () => {
  assert.deepEqual(
    ["groupBy", "sortBy"].map((key) => settings.find((setting) => setting.key === `images.${key}`)?.enum),
    [groupings, sortings],
  );
});
