import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareApkVersions, fulfilsVersion } from "../../../../dockerfile/size/apk/version.ts";

suite("versions of apk", () => {
  const ascending = [
    ["1.2.3_alpha", "1.2.3_alpha2", "1.2.3_beta", "1.2.3_rc1", "1.2.3", "1.2.3-r1", "1.2.3_git20260101", "1.2.3_p1"],
    ["1.2", "1.2a", "1.2b", "1.2.1", "1.10", "1.10-r9", "1.10-r10", "2"],
    ["1.01", "1.1", "1.2"],
  ];
  for (const versions of ascending)
    test(`${versions.join(" < ")}`, () => {
      for (const [index, version] of versions.entries())
        for (const later of versions.slice(index + 1)) {
          assert.ok((compareApkVersions(version, later) ?? 0) < 0, `${version} < ${later}`);
          assert.ok((compareApkVersions(later, version) ?? 0) > 0, `${later} > ${version}`);
        }
    });

  for (const [version, condition, expected] of [
    ["1.26.2-r0", "=1.26.2-r0", true],
    ["1.26.2-r0", "=1.26.2", false],
    ["1.26.2-r0", "~1.26", true],
    ["1.26.2-r0", "~1.2", false],
    ["1.26.2-r0", ">1.26", true],
    ["1.26.2-r0", "<1.26.2-r0", false],
    ["1.26.2-r0", "<=1.26.2-r0", true],
    ["1.27.0-r0", ">~1.26", true],
    ["nightly", ">1", false],
  ] as const)
    test(`${version} ${expected ? "fulfils" : "doesn't fulfil"} ${condition}`, () => {
      const [, operator = "", wanted = ""] = /^([<>=~]+)(.*)$/.exec(condition) ?? [];
      assert.equal(fulfilsVersion(version, { operator, version: wanted }), expected);
    });
});
