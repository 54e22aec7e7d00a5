import assert from "node:assert/strict";
import { test } from "node:test";
import type { FactKey } from "../../../dockerfile/facts/fact.ts";
import { describeTotal } from "../../../dockerfile/size/describe.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { sizeStage, sizeStages, type StageSizes } from "../../../dockerfile/size/run.ts";
import type { BuildOptions } from "../../../dockerfile/semantics/build.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { buildOf, shell, type KnownFacts } from "../../support/dockerfile/check.ts";

const base: readonly [FactKey, unknown] = [
  { kind: "baseImage", reference: "debian:12" },
  { bytes: 100, id: "sha256:00", user: "", env: [], workingDir: "" },
];

function sizes(text: string, facts: KnownFacts = [base], options: BuildOptions = {}): readonly StageSizes[] {
  return sizeStages(buildOf(text, facts, options));
}

test("a stage built on another includes all of that stage", () => {
  const [, second] = sizes("FROM debian:12 AS a\nCOPY <<E /x\n1\nE\nFROM a\nCOPY <<E /y\n2\nE\n");
  assert.deepEqual(second?.total, { low: 104, likely: 104, high: 104, unknown: 0, pending: 0 });
});

test("a stage alone has the same sizes as among all stages, in any order", () => {
  const text = "FROM debian:12 AS a\nCOPY <<E /x\n1\nE\nFROM other:1 AS b\nRUN make\nFROM a AS c\nRUN make\nFROM c\n";
  const plain = (one: StageSizes | undefined): unknown => [
    one?.total,
    one?.unknown.length,
    one?.layers.map(({ state }) => state),
  ];
  const all = sizes(text, [base]).map(plain);
  const build = buildOf(text, [base]);
  for (const index of [3, 1, 0, 2, 3])
    assert.deepEqual(plain(sizeStage(build, build.file.stages[index] ?? assert.fail())), all[index]);
});

test("unknown layers are counted, not added as 0, also across stages", () => {
  const [, second] = sizes("FROM debian:12 AS a\nRUN make\nFROM a\nRUN make install\n");
  assert.deepEqual(second?.total, { low: 100, likely: 100, high: 100, unknown: 2, pending: 0 });
  assert.equal(second && describeTotal(second).label, "total ≥ 100 B + ?");
});

test("a base named by a build argument is that argument's image", () => {
  const text = "ARG V=11\nFROM debian:$V\n";
  assert.equal(sizes(text)[0]?.total.unknown, 1);
  assert.equal(sizes(text, [base], { buildArgs: new Map([["V", "12"]]) })[0]?.total.likely, 100);
});

test("a fact that is unavailable makes the size unknown, with the reason", () => {
  const [stage] = sizes("FROM other:1\n");
  const [from] = stage?.layers ?? [];
  assert.equal(from?.state, "unknown");
  assert.equal(from?.state === "unknown" && from.reason, "not in this example");
});

test("a pending fact makes the layer and the total pending", () => {
  const [stage] = sizeStages(createBuild(parse("FROM debian:12\n"), shell, { get: () => ({ state: "pending" }) }));
  assert.equal(stage?.layers[0]?.state, "pending");
  assert.equal(stage && describeTotal(stage).label, "total …");
});
