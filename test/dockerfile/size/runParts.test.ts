// Adding up the parts of a RUN: followed files, programs with an estimator, and the rest.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exactly, type Estimate, type Unknown } from "../../../dockerfile/size/estimator.ts";
import type { ProgramEstimator } from "../../../dockerfile/size/programs/program.ts";
import { sumOfParts } from "../../../dockerfile/size/runParts.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

const range: Estimate = { low: 90, likely: 100, high: 120, because: "packages", trust: "guessed" };

function packages(answer: Estimate | Unknown): ProgramEstimator {
  return { id: "pkg", programs: new Set(["pkg"]), needs: () => [], estimate: () => answer };
}

function sizeOf(run: string, answer: Estimate | Unknown = range): Estimate | Unknown {
  const build = buildOf(`FROM scratch\nRUN ${run}\n`);
  const [stage] = build.file.stages;
  const [instruction] = stage?.instructions ?? [];
  const effects = instruction && build.files().run(instruction);
  assert.ok(stage && instruction && effects);
  return sumOfParts({ build, stage, instruction }, effects, [packages(answer)]);
}

test("commands that write nothing are 0 bytes", () =>
  assert.deepEqual(sizeOf("mkdir /a && true"), exactly(0, "its commands write no file content")));
test("links are named, because the classic builder counts them", () =>
  assert.match(JSON.stringify(sizeOf("ln -s target /link")), /classic builder counts 6 bytes more/));
test("a program with an estimator has the estimated size", () =>
  assert.deepEqual(sizeOf("mkdir /a && pkg install x"), range));
test("a program without an estimator makes the known part a minimum", () =>
  assert.deepEqual(sizeOf("pkg install x && make"), { unknown: "runs `make`", atLeast: 90 }));
test("the minimum of a program is a minimum of the line", () =>
  assert.deepEqual(sizeOf("pkg install x", { unknown: "no index", atLeast: 5 }), { unknown: "no index", atLeast: 5 }));
