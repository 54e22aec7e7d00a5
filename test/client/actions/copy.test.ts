import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ActionParts } from "../../../client/src/actions/actionParts.ts";
import {
  copyByDigest,
  copyDigest,
  copyPullCommand,
  copyReference,
  copyValues,
} from "../../../client/src/actions/copy.ts";
import type { ImageTreeNode } from "../../../client/src/images/node.ts";
import { success } from "../../../oci/core/error.ts";
import { engineNode, imageNode } from "../images/fakeTree.ts";
import { digest, image, layer, step } from "../../support/images/literalImages.ts";
import { type Script, scriptedDialogs } from "./scriptedDialogs.ts";

const pulled = imageNode({ tags: ["app:1", "app:2"], repoDigests: [`app@${digest("e")}`] });
const local = imageNode({ id: digest("b"), tags: ["local:1"] });

describe("copying from images", () => {
  test("copied names are one per line; an image with several names prompts for one", async () => {
    assert.deepEqual(await transcript({}, (parts) => copyReference([pulled, local], parts)), [
      "copied: app:1\nlocal:1",
    ]);
    assert.deepEqual(await transcript({ answers: ["app:2"] }, (parts) => copyReference([pulled], parts)), [
      "Copy which name? app:1 | app:2",
      "copied: app:2",
    ]);
  });

  test("names by digest are copied if a registry has assigned one", async () => {
    assert.deepEqual(await transcript({}, (parts) => copyByDigest([pulled, local], parts)), [
      `copied: app@${digest("e")}`,
    ]);
    assert.deepEqual(await transcript({}, (parts) => copyByDigest([local], parts)), [
      "tell: No registry digest is known for local:1: pull or push first",
    ]);
  });

  test("copied command lines pull by tag or by digest", async () => {
    assert.deepEqual(
      await transcript({ answers: [`docker pull app@${digest("e")}`] }, (parts) => copyPullCommand([pulled], parts)),
      [
        `Copy which command? docker pull app:1 | docker pull app:2 | docker pull app@${digest("e")}`,
        `copied: docker pull app@${digest("e")}`,
      ],
    );
    assert.deepEqual(await transcript({}, (parts) => copyPullCommand([local], parts)), ["copied: docker pull local:1"]);
    const [told = ""] = await transcript({}, (parts) => copyPullCommand([imageNode({ tags: [] })], parts));
    assert.match(told, /^tell: No registry digest is known/);
  });

  test("copied digests are chosen by what they name", async () => {
    const [asked = "", copied] = await transcript({ answers: ["Image ID"] }, (parts) => copyDigest(pulled, parts));
    assert.match(asked, /^Copy which digest\? Repository digest \| .*Image ID/);
    assert.equal(copied, `copied: ${digest("a")}`);
  });
});

test("copying rows copies their values", async () => {
  const rows: readonly ImageTreeNode[] = [
    { kind: "fact", id: "f", name: "User", value: "root" },
    local,
    { kind: "layer", id: "l", sourceId: "engine", imageId: digest("a"), image: image(), layer: layer(0) },
    { kind: "step", id: "s", sourceId: "engine", image: image(), step: step("ENV A=1"), layer: "none" },
    engineNode,
    { kind: "notice", id: "n", severity: "info", label: "x" },
  ];
  assert.deepEqual(await transcript({}, (parts) => copyValues(rows, parts)), [
    `copied: root\nlocal:1\n${digest("0")}\nENV A=1\nunix:///d.sock`,
  ]);
  assert.deepEqual(await transcript({}, (parts) => copyValues(rows.slice(5), parts)), []);
});

async function transcript(script: Script, act: (parts: ActionParts) => Promise<void>): Promise<readonly string[]> {
  const dialogs = scriptedDialogs(script);
  const unused = (): never => assert.fail("not asked for here");
  await act({
    dialogs,
    pickImage: unused,
    git: unused,
    inspect: unused,
    reveal: unused,
    openArchive: unused,
    recent: { list: unused, add: unused },
    layers: { findLayers: unused, registryImage: unused, insecureRegistries: unused, noteRead: unused },
    sources: {
      state: unused,
      source: () => ({
        id: "engine",
        kind: "engine",
        label: "",
        address: "",
        list: unused,
        catalog: { known: unused, complete: unused },
        layerSource: { kind: "archive", path: "" },
        image: () => Promise.resolve(success(image({ repoDigests: pulled.summary.repoDigests }))),
      }),
    },
  });
  dialogs.end();
  return dialogs.transcript;
}
