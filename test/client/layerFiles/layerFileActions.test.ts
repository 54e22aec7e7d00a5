import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DiffRequest } from "../../../client/src/diff/side.ts";
import { createLayerFileActions, type LayerFileParts } from "../../../client/src/layerFiles/layerFileActions.ts";
import {
  layerPathOf,
  rowPathsOf,
  uriParts,
  versionTitle,
  type LayerPath,
} from "../../../client/src/layerFiles/location.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { PathVersion } from "../../../oci/images/pathHistory.ts";
import { image, layer, step } from "../../support/images/literalImages.ts";
import { scriptedDialogs, type Script } from "../actions/scriptedDialogs.ts";

const side = { sourceId: "engine", image: "sha256:1", name: "shop:1" };
const request: DiffRequest = { before: { ...side, layerCount: 1 }, after: { ...side, layerCount: 2 } };
const changed = {
  webviewSection: "layerFile",
  path: "etc/motd",
  hasBefore: true,
  hasAfter: true,
  isFile: true,
  request,
};

describe("a URI of a file in a layer", () => {
  test("a layer file's URI round-trips whatever is in the path", () => {
    for (const path of ["etc/motd", "a b/ä?#%25", "", "x\\y", "..a/b"]) {
      const { path: written, query } = uriParts({ side: request.after, path });
      assert.deepEqual(layerPathOf({ path: written, query }), { side: request.after, path });
    }
  });
  test("a foreign URI names no layer file", () => {
    for (const query of ["", "{}", "[1]", '{"sourceId":1}', "{"])
      assert.equal(layerPathOf({ path: "/a", query }), undefined);
  });
});

describe("the context of a diff row", () => {
  test("a row's context names both versions, the older one by its former path", () => {
    const { before, after } = rowPathsOf({ ...changed, from: "etc/old" });
    assert.deepEqual(
      [before?.path, before?.side.layerCount, after?.path, after?.side.layerCount],
      ["etc/old", 1, "etc/motd", 2],
    );
  });
  test("a hidden version's context names its layer", () => {
    const { before, after } = rowPathsOf({ ...changed, hasBefore: false, layerCount: 1 });
    assert.deepEqual([before, after && versionTitle(after)], [undefined, "motd (layer 1 of shop:1)"]);
  });
  test("an invalid context does nothing", () => {
    for (const context of [undefined, null, 3, {}, { request }, { ...changed, request: {} }, { ...changed, path: 1 }])
      assert.deepEqual(rowPathsOf(context), {});
  });
});

interface Scene extends Script {
  readonly versions?: readonly PathVersion[];
  readonly isGone?: boolean;
}

function scene({ versions = [], isGone = false, ...script }: Scene = {}) {
  const shown: string[] = [];
  const dialogs = scriptedDialogs(script);
  const at = ({ side: { layerCount }, path }: LayerPath): string => `${path}@${layerCount ?? "all"}`;
  const parts: LayerFileParts = {
    dialogs,
    open: async ({ layerCount }) =>
      isGone
        ? failure({ kind: "notFound", what: "shop:1", message: "it is gone" })
        : success({
            source: { kind: "archive", path: "" },
            image: image({ layers: [layer(0, { step: step("FROM") }), layer(1, { step: step("RUN make") })] }),
            layerCount,
          }),
    layers: {
      history: async () => success(versions),
      extract: async ({ path, folder }, onProgress) => {
        shown.push(`extract ${path} ${folder}`);
        onProgress({ readBytes: 5, label: "extracting" });
        const omitted = [{ path: "etc/x", reason: "devices are not extracted" }];
        return success({ name: "motd", files: 1, folders: 0, symlinks: 0, bytes: 5, omitted, omittedCount: 3 });
      },
    },
    showFile: async (path) => void shown.push(at(path)),
    showDiff: async (before, after, title) => void shown.push(`${at(before)} ${at(after)} ${title}`),
    showInDockerfile: async (node) =>
      void shown.push(node.kind === "layer" ? `line of ${node.layer.index}` : node.kind),
  };
  return { actions: createLayerFileActions(parts), shown, dialogs };
}

test("a file is opened as on the newer side, or as it was before", async () => {
  const { actions, shown } = scene();
  await actions.open(changed);
  await actions.openBefore(changed);
  await actions.open({ ...changed, hasAfter: false });
  assert.deepEqual(shown, ["etc/motd@2", "etc/motd@1", "etc/motd@1"]);
});

test("two versions are compared under a title that names their layers", async () => {
  const { actions, shown } = scene();
  await actions.compare(changed);
  const other = { ...request, before: { sourceId: "engine", image: "sha256:2", name: "shop:0" } };
  await actions.compare({ ...changed, request: other });
  assert.deepEqual(shown, [
    "etc/motd@1 etc/motd@2 motd (layer 1 ↔ layer 2 of shop:1)",
    "etc/motd@all etc/motd@2 motd (shop:0) ↔ motd (layer 2 of shop:1)",
  ]);
});

test("extracting prompts for the folder and reports what is left out", async () => {
  const { actions, shown, dialogs } = scene({ answers: ["/tmp/x"] });
  await actions.extract(changed);
  assert.deepEqual(shown, ["extract etc/motd /tmp/x"]);
  assert.deepEqual(dialogs.transcript, [
    "Extract /etc/motd to a Folder",
    "tell: Extracted 1 file (5 B) to /tmp/x. Left out: /etc/x (devices are not extracted), and 2 more",
  ]);
});

test("the history of a file lists the newest layer first and shows the change of the chosen one", async () => {
  const versions: readonly PathVersion[] = [
    { layerIndex: 0, change: "added", attributes: [] },
    { layerIndex: 1, change: "replaced", attributes: ["content"] },
  ];
  const replaced = scene({ versions, answers: ["Layer 2: changed"] });
  await replaced.actions.history(changed);
  assert.deepEqual(replaced.dialogs.transcript, [
    "Layers of shop:1 That Changed /etc/motd Layer 2: changed | Layer 1: added",
  ]);
  assert.deepEqual(replaced.shown, ["etc/motd@1 etc/motd@2 motd (layer 1 ↔ layer 2 of shop:1)"]);
  const added = scene({ versions, answers: ["Layer 1: added"] });
  await added.actions.history(changed);
  assert.deepEqual(added.shown, ["etc/motd@1"]);
});

test("the line of a file's layer is shown in the Dockerfile", async () => {
  const { actions, shown } = scene();
  await actions.showInDockerfile(changed);
  assert.deepEqual(shown, ["line of 1"]);
});

test("opening a file of an image that is gone is an error", async () => {
  const { actions, dialogs } = scene({ isGone: true });
  await actions.history(changed);
  await actions.showInDockerfile(changed);
  assert.equal(dialogs.transcript.filter((line) => line.includes("it is gone")).length, 2);
});
