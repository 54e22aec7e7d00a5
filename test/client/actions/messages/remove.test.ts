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

describe("the question before removing", () => {
  test("an image: its names, what other images keep, what it gives back", () =>
    assert.deepEqual(removalConfirmation([{ image: app, names: "all" }], facts), {
      message: "Remove the image app:2?",
      detail: [
        "These names go: app:2, app:latest.",
        "100 kB stay, in layers that other images have too: app:1, cccccccccccc.",
        "2.00 kB given back.",
      ],
      action: "Remove",
    }));

  test("a name of several: the image stays", () =>
    assert.deepEqual(removalConfirmation([{ image: app, names: ["app:latest"] }], facts), {
      message: "Remove app:latest?",
      detail: [
        "This name goes: app:latest.",
        `The image ${short("a")} stays, by the name app:2.`,
        "No space is given back: the image stays.",
      ],
      action: "Remove Name",
    }));

  test("an image without a name is called by its ID, and a layer of unknown size is said to be missing from the sum", () =>
    assert.deepEqual(removalConfirmation([{ image: dangling, names: "all" }], facts).detail, [
      `This image has no name: ${short("c")}.`,
      "100 kB stay, in layers that other images have too: app:2, app:1.",
      "Unknown how much is given back: 1 layer of unknown size.",
    ]));

  test("a digest is a name of its own where its repository has no tag", () => {
    const pulled = { ...app, repoDigests: [`app@${digest("e")}`, `mirror/app@${digest("f")}`] };
    assert.deepEqual(removalConfirmation([{ image: pulled, names: pulled.tags }], facts).detail.slice(0, 2), [
      "These names go: app:2, app:latest.",
      `The image ${short("a")} stays, by the name mirror/app@${short("f")}.`,
    ]);
    const untagged = { ...dangling, repoDigests: [`app@${digest("e")}`] };
    assert.equal(
      removalConfirmation([{ image: untagged, names: "all" }], facts).detail[0],
      `This name goes: app@${short("e")}.`,
    );
  });

  test("several at once give back what only they share", () => {
    const { message, detail } = removalConfirmation(
      [app, older, dangling].map((image) => ({ image: image, names: "all" })),
      facts,
    );
    assert.equal(message, "Remove 3 images?");
    assert.deepEqual(detail, [
      "These names go: app:2, app:latest, app:1.",
      `This image has no name: ${short("c")}.`,
      "At least 103 kB given back, without 1 layer of unknown size.",
    ]);
  });

  test("names the containers that use it", () => {
    const { detail } = removalConfirmation([{ image: app, names: "all" }], {
      ...facts,
      containers: [web, { ...web, id: digest("8"), names: [], state: "exited" }],
    });
    assert.equal(detail[1], `app:2 is used by 2 containers: web (running), ${short("8")} (exited).`);
  });

  test("says what was not counted", () => {
    assert.equal(
      removalConfirmation([{ image: app, names: "all" }], {
        ...facts,
        catalog: { ...(facts.catalog ?? { images: [], problems: new Map() }), sizeKind: "disk" },
      }).detail.at(-1),
      "This counts unpacked layers; the compressed ones that the engine keeps beside them come on top.",
    );
    const { catalog: _, ...uncounted } = facts;
    assert.equal(
      removalConfirmation([{ image: app, names: "all" }], uncounted).detail.at(-1),
      "Space given back not counted.",
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
      "Unknown how much is given back: 1 image that could not be read.",
    );
    assert.equal(
      removalConfirmation([{ image: older, names: "all" }], unread).detail.at(-1),
      "1 image that stays could not be read: layers that it has too are not given back.",
    );
  });
});

describe("force is asked for with the engine's reason and what it does", () => {
  const refusal = {
    choice: { image: app, names: "all" },
    reason: "container 9999 is using it",
    force: "image",
  } as const;

  test("force on an image names the containers that use it", () =>
    assert.deepEqual(forceConfirmation([refusal], { ...facts, containers: [web] }), {
      message: "The engine refused to remove app:2",
      detail: [
        "Container 9999 is using it.",
        "app:2 is used by the container web (running).",
        "By force the engine takes away the names all the same, and the image unless a running container has it. Containers stay, but new ones cannot be made from it.",
      ],
      action: "Remove Anyway",
    }));

  test("force on containers says that they are removed too", () =>
    assert.equal(
      forceConfirmation([{ ...refusal, force: "imageAndContainers" }], facts).detail.at(-1),
      "By force the engine removes the containers that use it as well, running ones too, with all that was written in them.",
    ));
});

describe("after removing", () => {
  test("what is gone and what that gave back", () =>
    assert.equal(
      removedMessage(
        [{ image: app, names: "all" }],
        { untagged: ["app:2", "app:latest"], deleted: [app.id, digest("2")] },
        facts,
      ),
      "Removed app:2, app:latest, 2.00 kB given back",
    ));
  test("an image without a name by its ID", () =>
    assert.equal(
      removedMessage([{ image: dangling, names: "all" }], { untagged: [], deleted: [dangling.id] }, facts),
      `Removed ${short("c")}, unknown how much is given back: 1 layer of unknown size`,
    ));
  test("an image that the engine keeps gives nothing back", () =>
    assert.equal(
      removedMessage([{ image: older, names: "all" }], { untagged: ["app:1"], deleted: [] }, facts),
      `Removed app:1. The engine keeps ${short("b")}: something else needs it`,
    ));
});

test("long lists are cut, but not for one more", () => {
  assert.equal(shortList(Array.from({ length: 9 }, (_, index) => String(index))), "0, 1, 2, 3, 4, 5, 6, 7, 8");
  assert.equal(shortList(Array.from({ length: 12 }, (_, index) => String(index))), "0, 1, 2, 3, 4, 5, 6, 7 and 4 more");
});
