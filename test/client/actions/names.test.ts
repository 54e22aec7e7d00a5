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

describe("typed names", () => {
  test("a typed name is validated as the engine does", () => {
    assert.equal(referenceProblem("ghcr.io/team/app:1"), undefined);
    assert.equal(referenceProblem(`app@${digest("a")}`), undefined);
    assert.equal(referenceProblem("App:1"), "the repository name must be lower case");
    assert.equal(referenceProblem(""), "an image reference can't be empty");
  });

  test("a typed name for an image can't have a digest", () => {
    assert.equal(newNameProblem("app:1"), undefined);
    assert.equal(newNameProblem(`app@${digest("a")}`), "use a tag here, not a digest");
  });

  test("a typed name is completed as the engine does", () => {
    assert.equal(completeName("alpine"), "alpine:latest");
    assert.equal(completeName("docker.io/library/alpine:3"), "alpine:3");
    assert.equal(completeName(`alpine@${digest("a")}`), `alpine@${digest("a")}`);
    assert.equal(completeName("Alpine"), undefined);
  });
});

describe("finding an image by name", () => {
  const app = summary({
    id: digest("b"),
    tags: ["app:1", "app:latest"],
    repoDigests: [`registry.example/app@${digest("c")}`],
  });
  const images = [summary(), app];

  test("an image is found in any spelling of its name", () => {
    assert.equal(findNamed(images, "app"), app);
    assert.equal(findNamed(images, "docker.io/library/app:1"), app);
    assert.equal(findNamed([{ ...app, tags: ["docker.io/library/app:1"] }], "app:1")?.id, app.id);
    assert.equal(findNamed(images, "app:2"), undefined);
    assert.equal(findNamed(images, "NO"), undefined);
  });

  test("an image is found by digest, whatever tag precedes it", () =>
    assert.equal(findNamed(images, `registry.example/app:7@${digest("c")}`), app));

  test("an image's other names are listed without the given one", () =>
    assert.deepEqual(otherNames(app, "docker.io/library/app:1"), ["app:latest"]));

  test("names by digest are those known to a registry", () =>
    assert.deepEqual(
      namesByDigest({ ...app, repoDigests: [`docker.io/library/app@${digest("c")}`, "<none>@<none>"] }),
      [`app@${digest("c")}`],
    ));
});
