import assert from "node:assert/strict";
import { test } from "node:test";
import { compileGoMatch } from "../../../dockerfile/context/goMatch.ts";

// The behaviour of Go's filepath.Match, verified with go1.26 on the same rows.
const rows: readonly (readonly [pattern: string, name: string, matches: boolean | "malformed"])[] = [
  ["abc", "abc", true],
  ["*", "abc", true],
  ["*", "a/b", false],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*/b", "abc/b", true],
  ["a*/b", "a/c/b", false],
  ["a*b?c*x", "abxbbxdbxebxczzx", true],
  ["ab[c]", "abc", true],
  ["ab[b-d]", "abc", true],
  ["ab[e-g]", "abc", false],
  ["ab[^c]", "abc", false],
  ["ab[^e-g]", "abc", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "ab", false],
  ["a?b", "a☺b", true],
  ["a[^a]b", "a☺b", true],
  ["a???b", "a☺b", false],
  ["[a-ζ]*", "α", true],
  ["a?b", "a/b", false],
  ["a*b", "a/b", false],
  ["[\\]a]", "]", true],
  ["[\\-]", "-", true],
  ["[x\\-]", "z", false],
  ["[]a]", "]", "malformed"],
  ["[-]", "-", "malformed"],
  ["[x-]", "x", "malformed"],
  ["[-x]", "x", "malformed"],
  ["[a-b-c]", "a", "malformed"],
  ["[", "a", "malformed"],
  ["[^", "a", "malformed"],
  ["a[", "ab", "malformed"],
  ["*.go", "main.go", true],
  ["**", "a/b", false],
  ["a**", "ab", true],
  ["[z-a]", "m", false],
  ["a[^b]c", "a/c", true],
];

for (const [pattern, name, expected] of rows) {
  test(`${pattern} matches ${name}: ${String(expected)}`, () => {
    const compiled = compileGoMatch(pattern);
    if (expected === "malformed") assert.equal(compiled, undefined);
    else assert.equal(compiled?.test(name), expected);
  });
}

test("a hostile pattern doesn't take exponential time", () => {
  assert.equal(compileGoMatch(`${"*a".repeat(100)}b`)?.test("a".repeat(250)), false);
});
