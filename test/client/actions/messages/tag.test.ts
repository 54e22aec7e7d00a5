import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveConfirmation, tagEffect, tagSuggestions } from "../../../../client/src/actions/messages/tag.ts";
import { digest, summary } from "../../../support/images/literalImages.ts";

const id = digest("b");
const holder = summary({ id: digest("c"), tags: ["app:1"], engineBytes: 5_000_000 });
const images = [holder, summary({ id, tags: ["app:2"] })];
const short = "c".repeat(12);

describe("naming an image", () => {
  test("a name that no image has is reported as new", () => {
    assert.equal(tagEffect(id, "app:3", images), "a new tag");
    assert.equal(tagEffect(id, "app", images), "a new tag: app:latest");
    assert.equal(moveConfirmation(id, "app:3", images), undefined);
  });

  test("a name that the image already has changes nothing", () => {
    assert.equal(tagEffect(id, "app:2", images), "this image already has this tag");
    assert.equal(moveConfirmation(id, "app:2", images), undefined);
  });

  test("a name taken from another image says what becomes of that image", () => {
    assert.equal(tagEffect(id, "app:1", images), `now points to ${short} (5.00 MB), which would become dangling`);
    assert.deepEqual(moveConfirmation(id, "app:1", images), {
      message: "Move the tag app:1 to app:2?",
      detail: [
        `It now points to ${short} (5.00 MB).`,
        "That image would have no tag left: it would become dangling, and pruning would remove it.",
      ],
      action: "Move Tag",
    });
  });

  test("a name taken from an image with other names says so", () => {
    const named = [{ ...holder, tags: ["app:1", "app:old"] }];
    assert.equal(tagEffect(id, "app:1", named), `now points to ${short} (5.00 MB)`);
    assert.equal(moveConfirmation(undefined, "app:1", named)?.message, "Move the tag app:1 to the new image?");
    assert.equal(moveConfirmation(undefined, "app:1", named)?.detail[1], "That image keeps the tag app:old.");
  });
});

describe("suggested names", () => {
  const git = { commit: "0123456789abcdef0123456789abcdef01234567", branch: "main", tags: ["v1.2.3"], isDirty: false };
  const offered = (...tags: readonly string[]) => tagSuggestions(summary({ id, tags }), images, git, "2026-11-21");

  test("suggested names are in the image's own repository, ordered by how they are kept", () =>
    assert.deepEqual(
      offered("registry.example:5000/app:next").map(
        ({ label, group }) => `${group} | ${label.slice("registry.example:5000/".length)}`,
      ),
      [
        "unique: for deploying | app:1.2.3-g0123456",
        "unique: for deploying | app:sha-0123456",
        "unique: for deploying | app:20261121",
        "version: not moved after publishing | app:1.2.3",
        "rolling: moves with each release | app:1.2",
        "rolling: moves with each release | app:1",
        "rolling: moves with each release | app:main",
        "rolling: moves with each release | app:latest",
      ],
    ));

  test("suggested names say which image would lose them", () => {
    const [rolling] = offered("app:2").filter(({ label }) => label === "app:1");
    assert.equal(rolling?.description, `now points to ${short} (5.00 MB), which would become dangling`);
  });

  test("suggested names cover all repositories of an image", () =>
    assert.deepEqual([...new Set(offered("a:x", "b:x").map(({ group }) => group?.split(" in ")[1]))], ["a", "b"]));

  test("an untagged image has no suggested names", () => assert.deepEqual(offered(), []));
});
