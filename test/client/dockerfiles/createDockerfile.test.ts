import assert from "node:assert/strict";
import { test } from "node:test";
import { dockerfilesOf, type World } from "./dockerfilesOf.ts";

async function transcript(world: World): Promise<readonly string[]> {
  const { actions, dialogs } = dockerfilesOf({ files: [], ...world });
  await actions.create();
  dialogs.end();
  return dialogs.transcript;
}

test("the Dockerfile of the only project in the only folder is opened at once", async () =>
  assert.deepEqual(await transcript({ folders: ["shop"], projects: ["Go"] }), [
    "new: shop/Dockerfile: Go of file:///w/shop",
  ]));

test("of several folders and several projects one is chosen", async () =>
  assert.deepEqual(
    await transcript({ folders: ["shop", "docs"], projects: ["Go", "Node.js"], answers: ["docs", "Node.js"] }),
    [
      "Create a Dockerfile for which folder? shop | docs",
      "Which project? Go | Node.js",
      "new: docs/Dockerfile: Node.js of file:///w/docs",
    ],
  ));

test("an existing Dockerfile stays, and a folder without a project says what is looked for", async () => {
  assert.deepEqual(await transcript({ folders: ["shop"], files: ["shop/Dockerfile"], projects: ["Go"] }), [
    "tell: shop already has a Dockerfile",
  ]);
  assert.match((await transcript({ folders: ["shop"] })).join(""), /^tell: No project found in shop: .*go\.mod/);
  assert.deepEqual(await transcript({}), ["tell: Open the project's folder first"]);
  assert.deepEqual(await transcript({ folders: ["a", "b"], answers: ["back"] }), [
    "Create a Dockerfile for which folder? a | b",
  ]);
});
