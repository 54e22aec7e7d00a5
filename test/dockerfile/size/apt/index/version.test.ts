import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { compareVersions } from "../../../../../dockerfile/size/apt/index/version.ts";

/** From oldest to newest. @see Debian policy 5.6.12 */
const ascending = [
  "1.0~~",
  "1.0~~a",
  "1.0~",
  "1.0",
  "1.0-0.1",
  "1.0-1",
  "1.0-1+b1",
  "1.0-1+deb12u1",
  "1.0a",
  "1.0+dfsg",
  "1.0.1",
  "1.2",
  "1.10",
  "20230311",
  "99999999999999999999",
  "100000000000000000000",
  "1:0.1",
  "2:0",
];

test("versions sort according to Debian's policy", () => {
  for (let i = 1; i < ascending.length; i++)
    assert.ok(compareVersions(ascending[i - 1] ?? "", ascending[i] ?? "") < 0, `${ascending[i - 1]} < ${ascending[i]}`);
});

test("an absent epoch or revision equals zero", () => {
  assert.equal(compareVersions("0:1.0", "1.0"), 0);
  assert.equal(compareVersions("1.0-0", "1.0"), 0);
  assert.equal(compareVersions("1.01", "1.1"), 0);
});

const versionText = fc
  .tuple(
    fc.constantFrom("", "0:", "1:"),
    fc.string({ unit: fc.constantFrom("0", "1", "9", "a", "z", "A", ".", "+", "~"), maxLength: 6 }),
    fc.constantFrom("", "-1", "-0", "-1~a", "-a+b1"),
  )
  .map(([epoch, upstream, revision]) => `${epoch}1${upstream}${revision}`);

test("comparing versions is antisymmetric and transitive", () => {
  fc.assert(
    fc.property(versionText, versionText, versionText, (a, b, c) => {
      assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
    }),
  );
});

const hasDpkg = spawnSync("dpkg", ["--version"]).status === 0;

test("dpkg compares versions in the same way", { skip: hasDpkg ? false : "dpkg is not installed" }, () => {
  const pairs = fc.sample(fc.tuple(versionText, versionText), { numRuns: 150, seed: 42 });
  for (const [a, b] of pairs) {
    const isOlder = spawnSync("dpkg", ["--compare-versions", a, "lt", b]).status === 0;
    assert.equal(compareVersions(a, b) < 0, isOlder, `${a} lt ${b}`);
  }
});
