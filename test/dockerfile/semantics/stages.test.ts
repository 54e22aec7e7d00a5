import assert from "node:assert/strict";
import { test } from "node:test";
import { hasInChain } from "../../../dockerfile/semantics/stages.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

const build = buildOf(`FROM debian:12 AS a
WORKDIR /a
FROM a AS b
FROM alpine:3 AS c
FROM b AS d
RUN d
FROM c AS e
FROM a AS f
RUN f
FROM scratch
`);
const stages = build.file.stages;

test("the root of a stage is the one whose FROM names an image or scratch, and the last of its chain", () => {
  assert.deepEqual(
    stages.map((stage) => build.rootStage(stage)?.name?.value),
    ["a", "a", "c", "a", "c", "a", undefined],
  );
  for (const stage of stages) assert.equal(build.rootStage(stage), build.stageChain(stage).at(-1));
  assert.equal(build.rootStage(undefined), undefined);
});

test("an instruction is built on those of its stage and of the stages below, and on no others", () => {
  for (const later of stages)
    for (const earlier of stages) {
      const isBelow = build.stageChain(later).includes(earlier);
      assert.equal(build.isBuiltOn(later.from, earlier.from), isBelow, `${later.index} on ${earlier.index}`);
    }
});

test("a stage has the instructions of those it is built on", () => {
  const having = stages.filter((stage) => hasInChain(build, stage, "WORKDIR"));
  assert.deepEqual(
    having.map(({ name }) => name?.value),
    ["a", "b", "d", "f"],
  );
});
