import assert from "node:assert/strict";
import { test } from "node:test";
import { imageReference } from "../../../client/src/images/labels/names.ts";
import { matchesWords, searchWords } from "../../../client/src/images/search.ts";
import { searchImages } from "../../../client/src/images/pickSearch.ts";
import { imageNode } from "./fakeTree.ts";
import { digest, summary } from "../../support/images/literalImages.ts";

const image = summary({
  tags: ["ghcr.io/team/app:1.2-RC"],
  repoDigests: [`ghcr.io/team/app@${digest("b")}`],
  labels: { "org.example.Owner": "Ada" },
});
const matches = (text: string): boolean => matchesWords(image, searchWords(text));

test("every word must match, ignoring case and order", () => {
  assert.ok(matches(" app  TEAM "));
  assert.ok(!matches("app other"));
  assert.ok(matches(""));
});

test("words match parts of names, tags and labels", () => {
  for (const text of ["1.2-rc", "ghcr.io", "owner=ada", "example"]) assert.ok(matches(text), text);
});

test("IDs and digests match by their beginning, with and without algorithm", () => {
  for (const text of ["aaaa", `sha256:${"a".repeat(6)}`, "bbbbbbbb", digest("a"), image.repoDigests[0] ?? ""])
    assert.ok(matches(text), text);
  assert.ok(!matches("cccc"));
});

test("commands name an untagged image in a form that they accept", () => {
  assert.deepEqual([image, { ...image, tags: [] }, { ...image, tags: [], repoDigests: [] }].map(imageReference), [
    "ghcr.io/team/app:1.2-RC",
    `ghcr.io/team/app@${digest("b")}`,
    digest("a"),
  ]);
});

test("a few digits are not an ID", () =>
  assert.ok(!matchesWords(summary({ tags: ["x:1"], repoDigests: [] }), ["aaa"])));

test("names that begin with the text are listed first, with the number of images left out", () => {
  const images = [
    imageNode({ tags: ["my/app:1"] }),
    imageNode({ tags: ["app:1"] }),
    ...Array.from({ length: 250 }, (_, index) => imageNode({ tags: [`other-app:${index}`] })),
  ];
  const found = searchImages(images, "app");
  assert.deepEqual(
    found.images.slice(0, 2).map(({ summary: { tags } }) => tags[0]),
    ["app:1", "my/app:1"],
  );
  assert.deepEqual([found.images.length, found.leftOut], [200, 52]);
});
