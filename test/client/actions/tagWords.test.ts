import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveConfirmation, tagEffect } from "../../../client/src/actions/tagWords.ts";
import { digest, summary } from "../images/fakeSource.ts";

const id = digest("b");
const holder = summary({ id: digest("c"), tags: ["app:1"], engineBytes: 5_000_000 });
const images = [holder, summary({ id, tags: ["app:2"] })];
const short = "c".repeat(12);

describe("giving a name", () => {
  test("that nobody has", () => {
    assert.equal(tagEffect(id, "app:3", images), "a new name");
    assert.equal(tagEffect(id, "app", images), "a new name: app:latest");
    assert.equal(moveConfirmation(id, "app:3", images), undefined);
  });

  test("that the image has", () => {
    assert.equal(tagEffect(id, "app:2", images), "this image has this name already");
    assert.equal(moveConfirmation(id, "app:2", images), undefined);
  });

  test("that another image loses says what becomes of that", () => {
    assert.equal(tagEffect(id, "app:1", images), `now names ${short}, 5.00 MB, which would become dangling`);
    assert.deepEqual(moveConfirmation(id, "app:1", images), {
      message: `Move the name app:1 to ${"b".repeat(12)}?`,
      detail: [`It names ${short}, 5.00 MB now.`, "That image would have no name left: it would become dangling, and pruning would remove it."],
      action: "Move Name",
    });
  });

  test("that another image loses and has more of", () => {
    const named = [{ ...holder, tags: ["app:1", "app:old"] }];
    assert.equal(tagEffect(id, "app:1", named), `now names ${short}, 5.00 MB`);
    assert.equal(moveConfirmation(undefined, "app:1", named)?.message, "Move the name app:1 to the new image?");
    assert.equal(moveConfirmation(undefined, "app:1", named)?.detail[1], "That image keeps the name app:old.");
  });
});
