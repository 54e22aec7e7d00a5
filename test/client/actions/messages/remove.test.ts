import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shortList } from "../../../../client/src/actions/messages/list.ts";
import {
  type EngineContents,
  forceConfirmation,
  removalConfirmation,
  removedMessage,
} from "../../../../client/src/actions/messages/remove.ts";
import type { ContainerSummary } from "../../../../oci/core/container.ts";
import { catalogImage, digest, summary } from "../../../support/images/literalImages.ts";

const [app, older, dangling] = [
  summary({ id: digest("a"), tags: ["app:2", "app:latest"] }),
  summary({ id: digest("b"), tags: ["app:1"] }),
  summary({ id: digest("c"), tags: [] }),
];
const short = (digit: string): string => digit.repeat(12);
const web: ContainerSummary = { id: digest("9"), names: ["web"], imageId: app.id, image: "app:2", state: "running" };
const facts: EngineContents = {
  images: [app, older, dangling],
  containers: [],
  catalog: {
    images: [
      catalogImage(app.id, [
        ["1", 100_000],
        ["2", 2000],
      ]),
      catalogImage(older.id, [
        ["1", 100_000],
        ["3", 500],
      ]),
      catalogImage(dangling.id, [
        ["1", 100_000],
        ["4", undefined],
      ]),
    ],
    problems: new Map(),
  },
};

describe("the confirmation of a removal", () => {
  test("removing an image lists its names, the layers that other images keep, and the freed space", () =>
    assert.deepEqual(removalConfirmation([{ image: app, names: "all" }], facts), {
      message: "Remove the image app:2?",
      detail: [
        "Tags to remove: app:2, app:latest.",
        "100 kB stay, in layers shared with app:1, cccccccccccc.",
        "2.00 kB freed.",
      ],
      action: "Remove",
    }));

  test("removing one of several names keeps the image", () =>
    assert.deepEqual(removalConfirmation([{ image: app, names: ["app:latest"] }], facts), {
      message: "Remove app:latest?",
      detail: [
        "Tag to remove: app:latest.",
        `The image ${short("a")} stays, tagged app:2.`,
        "No space is freed because the image is kept.",
      ],
      action: "Remove Tag",
    }));

  test("an untagged image is called by its ID, and a layer of unknown size is noted as missing from the sum", () =>
    assert.deepEqual(removalConfirmation([{ image: dangling, names: "all" }], facts).detail, [
      `Untagged image to remove: ${short("c")}.`,
      "100 kB stay, in layers shared with app:2, app:1.",
      "Freed space unknown: 1 layer of unknown size.",
    ]));

  test("a digest counts as a name if its repository has no tag", () => {
    const pulled = { ...app, repoDigests: [`app@${digest("e")}`, `mirror/app@${digest("f")}`] };
    assert.deepEqual(removalConfirmation([{ image: pulled, names: pulled.tags }], facts).detail.slice(0, 2), [
      "Tags to remove: app:2, app:latest.",
      `The image ${short("a")} stays, tagged mirror/app@${short("f")}.`,
    ]);
    const untagged = { ...dangling, repoDigests: [`app@${digest("e")}`] };
    assert.equal(
      removalConfirmation([{ image: untagged, names: "all" }], facts).detail[0],
      `Tag to remove: app@${short("e")}.`,
    );
  });

  test("removing several images frees only what they alone share", () => {
    const { message, detail } = removalConfirmation(
      [app, older, dangling].map((image) => ({ image: image, names: "all" })),
      facts,
    );
    assert.equal(message, "Remove 3 images?");
    assert.deepEqual(detail, [
      "Tags to remove: app:2, app:latest, app:1.",
      `Untagged image to remove: ${short("c")}.`,
      "At least 103 kB freed, not counting 1 layer of unknown size.",
    ]);
  });

  test("the confirmation of a removal names the containers that use the image", () => {
    const { detail } = removalConfirmation([{ image: app, names: "all" }], {
      ...facts,
      containers: [web, { ...web, id: digest("8"), names: [], state: "exited" }],
    });
    assert.equal(detail[1], `app:2 is used by 2 containers: web (running), ${short("8")} (exited).`);
  });

  test("the confirmation of a removal says what was not counted", () => {
    assert.equal(
      removalConfirmation([{ image: app, names: "all" }], {
        ...facts,
        catalog: { ...(facts.catalog ?? { images: [], problems: new Map() }), sizeKind: "disk" },
      }).detail.at(-1),
      "This counts unpacked layers only; the engine also keeps compressed copies.",
    );
    const { catalog: _, ...uncounted } = facts;
    assert.equal(
      removalConfirmation([{ image: app, names: "all" }], uncounted).detail.at(-1),
      "Freed space not measured.",
    );
    const unread = {
      ...facts,
      catalog: {
        images: facts.catalog?.images.slice(1) ?? [],
        problems: new Map([[app.id, { kind: "notFound", what: "x", message: "gone" } as const]]),
      },
    };
    assert.equal(
      removalConfirmation([{ image: app, names: "all" }], unread).detail.at(-1),
      "Freed space unknown: 1 unreadable image.",
    );
    assert.equal(
      removalConfirmation([{ image: older, names: "all" }], unread).detail.at(-1),
      "1 image couldn't be read: layers that it shares aren't freed.",
    );
  });
});

describe("forcing is confirmed with the engine's reason and the effect", () => {
  const refusal = {
    choice: { image: app, names: "all" },
    reason: "container 9999 is using it",
    force: "image",
  } as const;

  test("forcing the removal of an image names the containers that use it", () =>
    assert.deepEqual(forceConfirmation([refusal], { ...facts, containers: [web] }), {
      message: "The engine refused to remove app:2",
      detail: [
        "Container 9999 is using it.",
        "app:2 is used by the container web (running).",
        "Forcing removes the tags anyway, and the image unless a running container uses it. Containers stay, but you can't create new ones from it.",
      ],
      action: "Remove Anyway",
    }));

  test("forcing that removes containers says so", () =>
    assert.equal(
      forceConfirmation([{ ...refusal, force: "imageAndContainers" }], facts).detail.at(-1),
      "Forcing also removes the containers that use it, even running ones, with everything written in them.",
    ));
});

describe("the result of a removal", () => {
  test("the result of a removal lists what was removed and the space it freed", () =>
    assert.equal(
      removedMessage(
        [{ image: app, names: "all" }],
        { untagged: ["app:2", "app:latest"], deleted: [app.id, digest("2")] },
        facts,
      ),
      "Removed app:2, app:latest, 2.00 kB freed",
    ));
  test("an untagged image is reported as removed by its ID", () =>
    assert.equal(
      removedMessage([{ image: dangling, names: "all" }], { untagged: [], deleted: [dangling.id] }, facts),
      `Removed ${short("c")}, freed space unknown: 1 layer of unknown size`,
    ));
  test("an image that the engine kept frees nothing", () =>
    assert.equal(
      removedMessage([{ image: older, names: "all" }], { untagged: ["app:1"], deleted: [] }, facts),
      `Removed app:1. The engine kept ${short("b")}: still in use`,
    ));
});

test("long lists are shortened by more than one item", () => {
  assert.equal(shortList(Array.from({ length: 9 }, (_, index) => String(index))), "0, 1, 2, 3, 4, 5, 6, 7, 8");
  assert.equal(shortList(Array.from({ length: 12 }, (_, index) => String(index))), "0, 1, 2, 3, 4, 5, 6, 7 and 4 more");
});
