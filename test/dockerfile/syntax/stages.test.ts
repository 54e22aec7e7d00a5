import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import {
  baseStage,
  cyclicUses,
  neededStages,
  stageUses,
  targetChain,
  unusedStages,
  type StageSource,
} from "../../../dockerfile/syntax/stages.ts";

/** Each use as `stage by word → source`. */
function uses(text: string): string[] {
  return stageUses(parse(text)).map(
    ({ by, stage, word, source }) => `${stage.index} ${by} ${word.value} → ${show(source)}`,
  );
}

function show(source: StageSource): string {
  switch (source.kind) {
    case "stage":
      return `stage ${source.stage.index}`;
    case "image":
      return `image ${source.reference}`;
    case "noSuchIndex":
      return `no stage ${source.stageIndex}`;
    default:
      return source.kind;
  }
}

describe("sources of FROM", () => {
  test("FROM names an earlier stage exactly by its name in lower case", () => {
    assert.deepEqual(uses("FROM x AS Base\nFROM base\nFROM Base\n"), [
      "0 from x → image x",
      "1 from base → stage 0",
      "2 from Base → image Base",
    ]);
  });
  test("FROM doesn't see later stages or itself", () =>
    assert.deepEqual(uses("FROM b\nFROM alpine AS alpine\nFROM x AS b\n").slice(0, 2), [
      "0 from b → image b",
      "1 from alpine → image alpine",
    ]));
  test("FROM takes the last of stages with equal names", () =>
    assert.equal(uses("FROM x AS a\nFROM y AS a\nFROM a\n")[2], "2 from a → stage 1"));
  test("FROM expands global ARGs", () =>
    assert.equal(uses("ARG B=one\nFROM x AS one\nFROM $B\n")[1], "1 from $B → stage 0"));
  test("an index in FROM is an image", () => assert.equal(uses("FROM x\nFROM 0\n")[1], "1 from 0 → image 0"));
  test("scratch is neither a stage nor an image", () =>
    assert.deepEqual(uses("FROM scratch\n"), ["0 from scratch → scratch"]));
  test("an ARG without value is unknown in FROM", () =>
    assert.deepEqual(uses("ARG A\nFROM $A\n"), ["0 from $A → unknown"]));
});

describe("sources of COPY --from", () => {
  const copy = (from: string): string | undefined =>
    uses(`FROM x AS One\nFROM y AS two\nCOPY --from=${from} a b\nFROM z AS later\n`).find((use) =>
      use.includes(" copy "),
    );
  test("an index names a stage", () => assert.equal(copy("0"), "1 copy 0 → stage 0"));
  test("an index without a stage is reported as such", () => assert.equal(copy("7"), "1 copy 7 → no stage 7"));
  test("COPY --from finds a stage in any case", () => assert.equal(copy("ONE"), "1 copy ONE → stage 0"));
  test("a later stage hides an image", () => assert.equal(copy("later"), "1 copy later → stage 2"));
  test("a name that doesn't belong to a stage is an image", () =>
    assert.equal(copy("nginx:1"), "1 copy nginx:1 → image nginx:1"));
  test("a variable in COPY --from is unknown", () => assert.equal(copy("$A"), "1 copy $A → unknown"));
  test("COPY --from takes the last of stages with equal names", () =>
    assert.equal(uses("FROM x AS a\nFROM y\nCOPY --from=a a b\nFROM z AS a\n")[2], "1 copy a → stage 2"));
});

describe("sources of a mount", () => {
  const mount = (from: string): string | undefined =>
    uses(`FROM x AS One\nFROM y\nRUN --mount=target=/m,from=${from} true\n`).find((use) => use.includes(" mount "));
  test("a mount finds a stage in any case", () => assert.equal(mount("one"), "1 mount one → stage 0"));
  test("an index in a mount's from is an image", () => assert.equal(mount("0"), "1 mount 0 → image 0"));
});

describe("sources of ONBUILD", () => {
  test("a trigger's uses belong to the stages built on its stage", () => {
    assert.deepEqual(uses("FROM x AS tools\nFROM y AS base\nONBUILD COPY --from=tools a b\nFROM base\n"), [
      "0 from x → image x",
      "1 from y → image y",
      "2 from base → stage 1",
      "2 copy tools → stage 0",
    ]);
  });
});

describe("the graph of stages", () => {
  const file = parse("FROM x AS a\nFROM x AS b\nFROM a AS c\nCOPY --from=b x y\nFROM x AS unused\nFROM c AS last\n");
  const indexes = (stages: readonly { readonly index: number }[] | undefined) => stages?.map(({ index }) => index);

  test("the chain of the last stage starts with its base", () =>
    assert.deepEqual(indexes(targetChain(file)), [0, 2, 4]));
  test("the chain of a target is found in any case", () => assert.deepEqual(indexes(targetChain(file, "C")), [0, 2]));
  test("a stage that doesn't exist has no chain", () => assert.equal(targetChain(file, "nope"), undefined));
  test("neededStages returns the stages that a target needs", () =>
    assert.deepEqual([indexes(neededStages(file)), indexes(neededStages(file, "a"))], [[0, 1, 2, 4], [0]]));
  test("stages that aren't needed are unused", () => assert.deepEqual(indexes(unusedStages(file)), [3]));
  test("baseStage returns the stage that a FROM names", () =>
    assert.deepEqual(
      file.stages.map((stage) => baseStage(file, stage)?.index),
      [undefined, undefined, 0, undefined, 2],
    ));
  test("stages that need each other are cycles", () => {
    const circle = stageUses(
      parse(
        "FROM x AS a\nCOPY --from=b x y\nFROM x AS b\nCOPY --from=c x y\nFROM a AS c\nFROM x AS d\nCOPY --from=d x y\nFROM x AS e\nCOPY --from=f x y\nFROM x AS f\n",
      ),
    );
    assert.deepEqual(
      cyclicUses(circle).map(({ word }) => word.value),
      ["b", "c", "d"],
    );
  });
});
