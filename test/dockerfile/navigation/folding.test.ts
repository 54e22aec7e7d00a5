import assert from "node:assert/strict";
import { test } from "node:test";
import { foldsOf } from "../../../dockerfile/navigation/folding.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** Kinds and lines of the folds, counted from 1. */
function folds(text: string): readonly string[] {
  const line = (offset: number) => text.slice(0, offset).split("\n").length;
  return foldsOf(parse(text)).map(({ kind, span }) => `${kind} ${line(span.start)}-${line(span.end)}`);
}

test("stages, continued lines and blocks of comments fold", () => {
  const text = `# one
# two

FROM a AS b
RUN x \\
  # inside
  # again
  && y
CMD z
# of the next

FROM b
`;
  assert.deepEqual(folds(text), ["comment 1-2", "code 4-9", "code 5-8", "comment 6-7"]);
});

test("a heredoc's body folds into the line above it, and its end stays visible", () => {
  assert.deepEqual(folds("FROM a\nCOPY <<A <<B /x/\n1\n2\nA\n3\n4\nB\nCMD x\n"), ["code 1-9", "code 2-4", "code 5-7"]);
  assert.deepEqual(folds("RUN a \\\r\n  <<A\r\n1\r\n2\r\nA\r\n"), ["code 1-5", "code 2-4"]);
  assert.deepEqual(folds("RUN <<A\n1\n2"), ["code 1-3"]);
  assert.deepEqual(folds("RUN <<A\nA\n"), []);
});

test("a single line has no fold, and no two folds of any file begin on the same line", () => {
  assert.deepEqual(folds("# a\nFROM a\n# b\n"), []);
  assert.deepEqual(folds(""), []);
  for (const { text } of dockerfileFixtures) {
    const starts = folds(text).map((fold) => fold.split(/[ -]/)[1]);
    assert.equal(new Set(starts).size, starts.length);
  }
});
