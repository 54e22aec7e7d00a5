import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContainerSummary } from "../../../oci/core/container.ts";
import { parseDigest, type DiffId } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import {
  planPrune,
  planRemoval,
  type EngineContent,
  type RemovalChoice,
  type RemovalPlan,
} from "../../../oci/images/removal.ts";
import type { StoredImage } from "../../../oci/images/space.ts";

function image(id: string, tags = "", repoDigests = ""): ImageSummary {
  return { id, tags: words(tags), repoDigests: words(repoDigests) };
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** Parses layers as `letter` or `letter=bytes`, base first. */
function stored(id: string, layers: string): StoredImage {
  return {
    id,
    layers: words(layers).map((layer) => {
      const [letter = "", bytes] = layer.split("=");
      return { diffId: diffId(letter), ...(bytes !== undefined && { bytes: Number(bytes) }) };
    }),
  };
}

function diffId(letter: string): DiffId {
  return parseDigest(`sha256:${letter.repeat(64)}`) ?? assert.fail(letter);
}

function container(imageId: string, name: string, state = "exited"): ContainerSummary {
  return { id: name, names: [name], imageId, image: imageId, state };
}

function plan(content: Partial<EngineContent>, ...choices: readonly RemovalChoice[]): RemovalPlan {
  return planRemoval(choices, {
    images: choices.map((choice) => choice.image),
    containers: [],
    stored: [],
    ...content,
  });
}

/** The only removal of a choice: `removed | kept`. */
function named(chosen: ImageSummary, names: RemovalChoice["names"]): string {
  const [removal] = plan({}, { image: chosen, names }).removals;
  return `${removal?.names.join(" ")} | ${removal?.keptNames.join(" ")}`;
}

describe("effects of removing an image", () => {
  const app = image("app", "app:1 app:2 mirror/app:1");
  test("removing one of several names keeps the image and frees nothing", () => {
    const {
      removals: [removal],
      freed,
    } = plan({ stored: [stored("app", "a=5")] }, { image: app, names: ["app:1"] });
    assert.deepEqual(removal, {
      image: app,
      names: ["app:1"],
      keptNames: ["app:2", "mirror/app:1"],
      isWhole: false,
      containers: [],
    });
    assert.deepEqual(freed, { bytes: 0, unknownLayers: 0 });
  });
  test("removing the last name removes the image", () => {
    const {
      removals: [removal],
      freed,
    } = plan({ stored: [stored("app", "a=5 b=7")] }, { image: app, names: app.tags });
    assert.deepEqual([removal?.isWhole, removal?.keptNames, removal?.refusedFor], [true, [], undefined]);
    assert.deepEqual(freed, { bytes: 12, unknownLayers: 0 });
  });
  test("removing by ID removes all names, which the engine refuses for several", () => {
    assert.equal(plan({}, { image: app, names: "all" }).removals[0]?.refusedFor, "names");
    assert.equal(
      plan({}, { image: image("one", "one:1", "one@sha256:1"), names: "all" }).removals[0]?.refusedFor,
      undefined,
    );
  });
  test("a digest is removed with its repository's last tag, and keeps the image if there is no tag", () => {
    const pulled = image("p", "a:1 a:2 b:1", "a@sha256:1 b@sha256:1");
    assert.equal(named(pulled, ["a:1"]), "a:1 | a:2 b:1 a@sha256:1 b@sha256:1");
    assert.equal(named(pulled, ["a:1", "a:2"]), "a:1 a:2 a@sha256:1 | b:1 b@sha256:1");
    assert.equal(named(image("p", "a:1", "a@sha256:1 b@sha256:1"), ["a:1"]), "a:1 a@sha256:1 | b@sha256:1");
    assert.equal(
      named(image("p", "localhost:5000/a:1", "localhost:5000/a@sha256:1"), ["localhost:5000/a:1"]),
      "localhost:5000/a:1 localhost:5000/a@sha256:1 | ",
    );
  });
  test("a dangling image is removed by ID", () => {
    assert.equal(plan({}, { image: image("d"), names: "all" }).removals[0]?.isWhole, true);
  });
  test("containers of a removed image, running or not, are listed", () => {
    const containers = [container("app", "web", "running"), container("app", "old"), container("other", "db")];
    const whole = plan({ containers }, { image: app, names: app.tags }).removals[0];
    assert.deepEqual([whole?.containers.map(({ id }) => id), whole?.refusedFor], [["web", "old"], "containers"]);
    const one = plan({ containers }, { image: app, names: ["app:1"] }).removals[0];
    assert.deepEqual([one?.containers, one?.refusedFor], [[], undefined]);
  });
  test("removing an image keeps layers of other images", () => {
    const [base, child, stranger] = [image("base", "base:1"), image("child", "child:1"), image("stranger", "s:1")];
    const content = {
      images: [stranger, base, child, app],
      stored: [
        stored("base", "a=5 b=7"),
        stored("child", "a=5 c=9"),
        stored("app", "a b=7 d=1"),
        stored("stranger", "e=3"),
      ],
    };
    const { freed, sharedWith } = plan(content, { image: app, names: "all" });
    assert.deepEqual(freed, { bytes: 1, unknownLayers: 0 });
    assert.deepEqual(sharedWith, [
      { image: base, layerCount: 2 },
      { image: child, layerCount: 1 },
    ]);
  });
  test("removing several images also frees the layers that only they share", () => {
    const [one, two] = [image("one", "one:1"), image("two", "two:1")];
    const { freed, sharedWith } = plan(
      { stored: [stored("one", "a=5 b=7"), stored("two", "a=5 c=9")] },
      { image: one, names: "all" },
      { image: two, names: "all" },
    );
    assert.deepEqual([freed, sharedWith], [{ bytes: 21, unknownLayers: 0 }, []]);
  });
  test("unknown sizes are not counted as freed", () => {
    const { freed, unknownSize } = plan(
      { stored: [stored("one", "a b=7")] },
      { image: image("one", "one:1"), names: "all" },
      { image: image("two", "two:1"), names: "all" },
    );
    assert.deepEqual([freed, unknownSize.map(({ id }) => id)], [{ bytes: 7, unknownLayers: 1 }, ["two"]]);
  });
});

describe("effects of pruning", () => {
  const [used, several, dangling, tagged, counted] = [
    image("used", "used:1"),
    image("several", "several:1 several:2"),
    image("dangling"),
    image("tagged", "tagged:1"),
    { ...image("counted"), containers: 2 },
  ];
  const content: EngineContent = {
    images: [used, several, dangling, tagged, counted],
    containers: [container("used", "c"), container("several", "d", "running")],
    stored: [stored("used", "a=5"), stored("dangling", "a=5 b=7"), stored("tagged", "a=5 c=1")],
  };

  test("pruning removes dangling images unless a container uses them", () => {
    const { images, freed, atRisk } = planPrune("dangling", content);
    assert.deepEqual([images, freed, atRisk], [[dangling], { bytes: 7, unknownLayers: 0 }, []]);
  });
  test("pruning removes unused images and may remove names of images in use", () => {
    const { images, freed, sharedWith, atRisk } = planPrune("unused", content);
    assert.deepEqual([images, freed], [[dangling, tagged], { bytes: 8, unknownLayers: 0 }]);
    assert.deepEqual(sharedWith, [{ image: used, layerCount: 1 }]);
    assert.deepEqual(atRisk, [several]);
  });
});
