import assert from "node:assert/strict";
import { test } from "node:test";
import { filterProblem, rowMatcher, toggleQualifier } from "../../../media/layerDiff/query.ts";
import type { ViewRow } from "../../../media/protocol/messages.ts";
import { row } from "./diffRows.ts";

const small = row("A etc/motd 500");
const large: ViewRow = { ...row("A usr/lib/libssl.so 2000000"), marks: ["setuid", "secret?"] };
const gone = row("D opt/big.deb 5000000");
const named: ViewRow = {
  ...row("A srv/app 10"),
  after: { kind: "file", size: 10, mode: 0o644, owner: "1000:1000 (app:staff)", mtimeMs: 0 },
};

for (const [text, expected] of [
  ["size:>1MB", [large, gone]],
  ["size:1mb", [large, gone]],
  ["size:<1k", [small, named]],
  ["is:security", [large]],
  ["is:setuid", [large]],
  ["is:secret", [large]],
  ["is:setgid", []],
  ["owner:1000", [named]],
  ["owner:app", [named]],
  ["owner:app:staff", [named]],
  ["owner:0", [small, large, gone]],
  ["*.so size:>1MB", [large]],
  ["etc size:>1MB", []],
  // Not a qualifier: part of a path, like any other text.
  ["size:many", []],
  ["lib", [large]],
  ["/lib[a-z]+\\.so$/", [large]],
  ["/^\\/(etc|srv)\\// size:<1kB", [small, named]],
  ["/lib(/", []],
] as const)
  test(`the filter ${text} passes ${expected.length} of 4`, () => {
    assert.deepEqual([small, large, gone, named].filter(rowMatcher(text)), expected);
  });

test("a qualifier is added to the filter's text and removed from it", () => {
  assert.equal(toggleQualifier("", "is:security"), "is:security");
  assert.equal(toggleQualifier(" *.so  is:security", "is:security"), "*.so");
  assert.equal(toggleQualifier("*.so", "is:security"), "*.so is:security");
});

test("an invalid regular expression is a problem of the filter, not an empty result", () => {
  assert.equal(filterProblem("/lib(/ size:>1MB"), "Not a valid regular expression");
  assert.equal(filterProblem("/lib/"), undefined);
  assert.equal(filterProblem("*.so"), undefined);
});
