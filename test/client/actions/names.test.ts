import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  completeName,
  findNamed,
  namesByDigest,
  newNameProblem,
  otherNames,
  referenceProblem,
} from "../../../client/src/actions/names.ts";
import { digest, summary } from "../../support/images/literalImages.ts";

describe("what is typed as a name", () => {
  test("is judged as the engine would", () => {
    assert.equal(referenceProblem("ghcr.io/team/app:1"), undefined);
    assert.equal(referenceProblem(`app@${digest("a")}`), undefined);
    assert.equal(referenceProblem("App:1"), "the repository name must be lower case");
    assert.equal(referenceProblem(""), "an image reference can't be empty");
  });

  test("has no digest where it is given to an image", () => {
    assert.equal(newNameProblem("app:1"), undefined);
    assert.equal(newNameProblem(`app@${digest("a")}`), "use a tag here, not a digest");
  });

  test("is completed as the engine completes it", () => {
    assert.equal(completeName("alpine"), "alpine:latest");
    assert.equal(completeName("docker.io/library/alpine:3"), "alpine:3");
    assert.equal(completeName(`alpine@${digest("a")}`), `alpine@${digest("a")}`);
    assert.equal(completeName("Alpine"), undefined);
  });
});

describe("the image of a name", () => {
  const app = summary({
    id: digest("b"),
    tags: ["app:1", "app:latest"],
    repoDigests: [`registry.example/app@${digest("c")}`],
  });
  const images = [summary(), app];

  test("is found however the name is written", () => {
    assert.equal(findNamed(images, "app"), app);
    assert.equal(findNamed(images, "docker.io/library/app:1"), app);
    assert.equal(findNamed([{ ...app, tags: ["docker.io/library/app:1"] }], "app:1")?.id, app.id);
    assert.equal(findNamed(images, "app:2"), undefined);
    assert.equal(findNamed(images, "NO"), undefined);
  });

  test("is found by digest, whatever tag stands before it", () =>
    assert.equal(findNamed(images, `registry.example/app:7@${digest("c")}`), app));

  test("leaves its other names", () => assert.deepEqual(otherNames(app, "docker.io/library/app:1"), ["app:latest"]));

  test("by digest is what the registry calls it", () =>
    assert.deepEqual(
      namesByDigest({ ...app, repoDigests: [`docker.io/library/app@${digest("c")}`, "<none>@<none>"] }),
      [`app@${digest("c")}`],
    ));
});
