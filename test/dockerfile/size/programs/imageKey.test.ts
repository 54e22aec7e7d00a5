import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FactState } from "../../../../dockerfile/facts/fact.ts";
import { imageKey } from "../../../../dockerfile/size/programs/imageKey.ts";
import { createBuild } from "../../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import { shell } from "../../../support/dockerfile/check.ts";

/** The kind of fact to ask for about a stage's image, if the local one is in this state. */
function kindAt(state: FactState<never>): string | undefined {
  const build = createBuild(parse("FROM node:22\nRUN pip install one\n"), shell, { get: () => state });
  const [stage] = build.file.stages;
  return stage && imageKey(build, stage, "pythonBase")?.kind;
}

suite("the fact about the image of a stage", () => {
  test("is the local one while it is read", () => {
    assert.equal(kindAt({ state: "pending" }), "pythonBase");
  });

  test("is the registry's where no engine could read the image", () => {
    assert.equal(kindAt({ state: "unavailable", reason: "no engine" }), "registryPythonBase");
  });

  test("is the local one of an image that was read and has no pip, so that nothing is downloaded", () => {
    assert.equal(kindAt({ state: "unavailable", reason: "node:22 has no pip", isFinal: true }), "pythonBase");
  });
});
