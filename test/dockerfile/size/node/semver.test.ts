// The order of versions of npm's packages, and ranges of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestFirst, satisfies } from "../../../../dockerfile/size/node/semver.ts";

test("versions are sorted as semver.org says, the newest first, and other texts are left out", () => {
  const sorted = ["1.0.0", "1.0.0-rc.1", "1.0.0-beta.11", "1.0.0-beta.2", "1.0.0-beta", "1.0.0-alpha.beta"];
  const more = ["1.0.0-alpha.1", "1.0.0-alpha", "0.10.0", "0.9.0"];
  assert.deepEqual(newestFirst([...more, ...sorted, "next", "1.0", ""].reverse()), [...sorted, ...more]);
});

test("a release is in a range of Node's versions, or isn't, and what isn't covered is undefined", () => {
  const rows: readonly (readonly [version: string, range: string, expected: boolean | undefined])[] = [
    ["22.11.0", ">=18", true],
    ["16.20.2", ">=18", false],
    ["20.9.0", "^18.18.0 || ^20.9.0 || >=21.1.0", true],
    ["19.0.0", "^18.18.0 || ^20.9.0 || >=21.1.0", false],
    ["21.0.0", "^18.18.0 || ^20.9.0 || >=21.1.0", false],
    ["0.2.9", "^0.2.3", true],
    ["0.3.0", "^0.2.3", false],
    ["0.0.4", "^0.0.3", false],
    ["0.5.0", "^0", true],
    ["18.5.0", "~18.4", false],
    ["18.4.9", "~18.4", true],
    ["18.9.9", "18.x", true],
    ["18.9.9", "18", true],
    ["18.9.9", "<=18", true],
    ["18.9.9", ">18", false],
    ["19.0.0", ">18", true],
    ["20.0.0", ">= 14.0 < 20", false],
    ["14.1.0", ">= 14.0 <20", true],
    ["20.0.0", "*", true],
    ["20.0.0", "", true],
    ["20.0.0", "14 - 20", undefined],
    ["20.0.0", "^18 || lts", undefined],
    ["20.0.0-rc.1", ">=18", undefined],
    ["lts", ">=18", undefined],
  ];
  for (const [version, range, expected] of rows)
    assert.equal(satisfies(version, range), expected, `${version} in ${range}`);
});
