import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { byRepository, visibleImages } from "../../../../client/src/images/data/filterAndSort.ts";
import { defaultOptions } from "../../../../client/src/images/viewOptions.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { digest, summary } from "../../../support/images/literalImages.ts";

const image = (tag: string, more: Partial<ImageSummary> = {}): ImageSummary =>
  summary({ id: digest(tag.slice(-1)), tags: tag.includes(":") ? [tag] : [], ...more });

describe("sorting images", () => {
  const images = [
    image("b:10", { created: 1, engineBytes: 30 }),
    image("b:9", { created: 2, engineBytes: 10 }),
    image("9", { created: 3 }),
    image("a:1", { created: undefined as never, engineBytes: undefined as never }),
  ];
  const sorted = (sortBy: "created" | "name" | "size") =>
    visibleImages(images, { ...defaultOptions, sortBy })
      .images.map(({ tags }) => tags[0] ?? "-")
      .join(" ");

  test("images are sorted newest first, undated ones last", () => assert.equal(sorted("created"), "- b:9 b:10 a:1"));
  test("images are sorted largest first, unknown sizes last", () => assert.equal(sorted("size"), "- b:10 b:9 a:1"));
  test("images are sorted by name with numbers by value, dangling ones last", () =>
    assert.equal(sorted("name"), "a:1 b:9 b:10 -"));
});

test("hidden dangling images are counted, but not those excluded by the filter", () => {
  const images = [image("a:1"), image("2"), image("3", { labels: { team: "x" } })];
  assert.equal(visibleImages(images, { ...defaultOptions, showsDangling: false }).hiddenDangling, 2);
  assert.equal(visibleImages(images, { ...defaultOptions, showsDangling: false, filter: "team" }).hiddenDangling, 1);
  assert.equal(visibleImages(images, defaultOptions).hiddenDangling, 0);
});

describe("grouping by repository", () => {
  const groups = (images: readonly ImageSummary[], sortBy: "created" | "name" = "created") =>
    byRepository(images, sortBy).map(
      ({ repository, images: members }) =>
        `${repository ?? "-"}: ${members.map(({ tags }) => tags.join("+")).join(" ")}`,
    );

  test("repositories are in the order of their first images, unnamed images last", () => {
    assert.deepEqual(groups([image("b:1"), image("2", { tags: [], repoDigests: [] }), image("a:3"), image("b:4")]), [
      "b: b:1 b:4",
      "a: a:3",
      "-: ",
    ]);
  });
  test("repositories are sorted by name if images are", () => {
    assert.deepEqual(groups([image("b:1"), image("a:3")], "name"), ["a: a:3", "b: b:1"]);
  });
  test("an image is in each of its repositories", () => {
    assert.deepEqual(groups([image("x:1", { tags: ["a:1", "b:1", "a:2"] })]), ["a: a:1+b:1+a:2", "b: a:1+b:1+a:2"]);
  });
  test("a registry's port is not a tag, and an untagged image is in its digest's repository", () => {
    assert.deepEqual(
      groups([
        image("x:1", { tags: ["localhost:5000/team/app:1"] }),
        image("2", { repoDigests: [`localhost:5000/team/app@${digest("c")}`] }),
      ]),
      ["localhost:5000/team/app: localhost:5000/team/app:1 "],
    );
  });
});
