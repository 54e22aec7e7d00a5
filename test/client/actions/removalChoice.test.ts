import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choiceOf, revalidate } from "../../../client/src/actions/removalChoice.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { digest, summary } from "../../support/images/literalImages.ts";

const app = summary({ id: digest("a"), tags: ["app:1", "app:2"], repoDigests: [`app@${digest("e")}`] });
const dangling = summary({ id: digest("b"), tags: [] });

describe("choices of images to remove", () => {
  test("choosing all names means the image, since digests of tagged repositories follow the tags", () => {
    assert.equal(choiceOf(app, ["app:1", "app:2"]).names, "all");
    assert.deepEqual(choiceOf(app, ["app:2", "app:2"]).names, ["app:2"]);
  });

  test("a choice is dropped if the image is gone", () => assert.deepEqual(meant(app, []), []));
  test("a choice is dropped if another image has the name now", () => {
    assert.deepEqual(meant(app, [{ ...app, tags: ["app:2"] }, summary({ id: digest("c"), tags: ["app:1"] })]), ["all"]);
    assert.deepEqual(revalidate([{ image: app, names: ["app:1"] }], [{ ...app, tags: ["app:2"] }]), []);
  });
  test("a name that the image gained since is not removed", () =>
    assert.deepEqual(meant(app, [{ ...app, tags: [...app.tags, "app:new"] }]), [["app:1", "app:2"]]));
  test("an image that gained a name since is not removed", () => {
    assert.deepEqual(meant(dangling, [dangling]), ["all"]);
    assert.deepEqual(meant(dangling, [{ ...dangling, tags: ["app:3"] }]), []);
  });
});

function meant(image: ImageSummary, images: readonly ImageSummary[]): readonly (readonly string[] | "all")[] {
  return revalidate([{ image, names: "all" }], images).map(({ names }) => names);
}
