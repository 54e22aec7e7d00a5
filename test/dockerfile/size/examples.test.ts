import assert from "node:assert/strict";
import { test } from "node:test";
import { describeLayerSize, describeTotal } from "../../../dockerfile/size/describe.ts";
import { estimators } from "../../../dockerfile/size/estimators/index.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { mark, unmark, type Mark } from "../../support/dockerfile/unmark.ts";

for (const { id, examples } of estimators) {
  for (const [index, { file, facts }] of examples.entries()) {
    test(`${id}: example ${index + 1} has its hints`, () => {
      const { text, marks } = unmark(file);
      const hints = sizeStages(buildOf(text, facts)).flatMap((sizes): Mark[] => {
        const { stage, layers } = sizes;
        const lines = layers.flatMap((size) => {
          const described = describeLayerSize(size);
          return described ? [position(lineEnd(text, size.layer.instruction.span.start), described.label)] : [];
        });
        return stage.instructions.length === 0
          ? lines
          : [...lines, position(stage.span.end, describeTotal(sizes).label)];
      });
      assert.equal(mark(text, hints), mark(text, marks));
    });
  }
}

function position(offset: number, label: string): Mark {
  return { start: offset, end: offset, label };
}

function lineEnd(text: string, offset: number): number {
  return text.indexOf("\n", offset);
}
