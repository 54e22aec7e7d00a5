import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  candidateChoices,
  previewTitle,
  pruneChoices,
  pruneConfirmation,
  prunedMessage,
} from "../../../../client/src/actions/messages/prune.ts";
import type { EngineContents } from "../../../../client/src/actions/messages/remove.ts";
import { now } from "../../images/fakeTree.ts";
import { catalogImage, digest, summary } from "../../../support/images/literalImages.ts";

const [used, unused, dangling, kept] = [
  summary({ id: digest("a"), tags: ["app:2"] }),
  summary({ id: digest("b"), tags: ["app:1", "app:old"] }),
  summary({ id: digest("c"), tags: [], created: 1_704_067_200, engineBytes: 5000 }),
  summary({ id: digest("d"), tags: [], containers: 1 }),
];
const facts: EngineContents = {
  images: [used, unused, dangling, kept],
  containers: [{ id: digest("9"), names: ["web"], imageId: used.id, image: "app:2", state: "exited" }],
  catalog: {
    images: [
      catalogImage(used.id, [["1", 100_000]]),
      catalogImage(unused.id, [
        ["1", 100_000],
        ["2", 2000],
      ]),
      catalogImage(dangling.id, [
        ["1", 100_000],
        ["2", 2000],
        ["3", 300],
      ]),
    ],
    problems: new Map(),
  },
};

describe("images that can be pruned", () => {
  test("kinds of images to prune are offered with their amounts", () => {
    assert.deepEqual(
      pruneChoices(facts).map(({ label, description }) => [label, description]),
      [
        ["Dangling Images", "1 image, 300 B freed"],
        ["Unused Images", "2 images, 2.30 kB freed"],
      ],
    );
    assert.deepEqual(
      pruneChoices({ ...facts, images: [used] }).map(({ description }) => description),
      ["none", "none"],
    );
  });

  test("images to prune are listed with the space that each frees on its own", () =>
    assert.deepEqual(
      candidateChoices([unused, dangling], facts, now).map(({ label, description, detail, isChecked }) => [
        label,
        description,
        detail,
        isChecked,
      ]),
      [
        ["app:1", `app:old · 117 MB · 3 days ago · ${"b".repeat(12)}`, "0 B freed on its own", true],
        ["c".repeat(12), "5.00 kB · 3 days ago", "300 B freed on its own", true],
      ],
    ));

  test("the total of images to prune follows the checkboxes", () => {
    assert.equal(previewTitle([unused, dangling], facts), "2 images: 2.30 kB freed");
    const disk: EngineContents = {
      ...facts,
      ...(facts.catalog && { catalog: { ...facts.catalog, sizeKind: "disk" } }),
    };
    assert.equal(previewTitle([unused, dangling], disk), "2 images: at least 2.30 kB freed");
    assert.equal(previewTitle([], facts), "Nothing selected");
  });
});

test("the confirmation of a pruning lists what is removed", () =>
  assert.deepEqual(pruneConfirmation([unused, dangling], facts), {
    message: "Remove 2 images?",
    detail: [
      "Tags to remove: app:1, app:old.",
      "1 image without a tag.",
      "2.30 kB freed.",
      "Images that aren't in a registry or an archive will have to be built again.",
    ],
    action: "Remove",
  }));

describe("the result of a pruning", () => {
  test("the result of a pruning is the engine's own count", () =>
    assert.equal(
      prunedMessage([unused, dangling], {
        untagged: ["app:1", "app:old"],
        deleted: [digest("2"), dangling.id],
        freedBytes: 2300,
      }),
      `Removed app:1, ${"c".repeat(12)}: 2.30 kB freed, as reported by the engine`,
    ));
  test("the result of a pruning names images even if the engine only reports IDs", () =>
    assert.equal(
      prunedMessage([unused], { untagged: [], deleted: [unused.id], freedBytes: 0 }),
      "Removed app:1: 0 B freed, as reported by the engine",
    ));
  test("the result of a pruning lists what the engine kept", () =>
    assert.equal(
      prunedMessage([unused], { untagged: ["app:old"], deleted: [], freedBytes: 0 }),
      "Removed nothing. The engine kept app:1: still in use",
    ));
});
