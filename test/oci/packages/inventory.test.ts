import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isRpmDatabase,
  packageRecordAt,
  parsePackageRecord,
  type PackageManager,
} from "../../../oci/packages/inventory.ts";
import { diffPackages } from "../../../oci/packages/packageDiff.ts";

for (const [path, manager] of [
  ["var/lib/dpkg/status", "dpkg"],
  ["var/lib/dpkg/status.d/base", "dpkg"],
  ["lib/apk/db/installed", "apk"],
  ["app/node_modules/left-pad/package.json", "npm"],
  ["app/node_modules/@babel/core/package.json", "npm"],
  ["app/node_modules/a/node_modules/b/package.json", "npm"],
  ["usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA", "pip"],
  ["usr/lib/python3/dist-packages/six.egg-info/PKG-INFO", "pip"],
  ["usr/lib/python3/dist-packages/six-1.16.0.egg-info", "pip"],
  // A project's own manifest, and files inside packages.
  ["app/package.json", undefined],
  ["app/node_modules/a/test/package.json", undefined],
  ["app/node_modules/.bin/package.json", undefined],
  ["var/lib/dpkg/status-old", undefined],
] as const)
  test(`${path} is ${manager === undefined ? "not a record" : `a record of ${manager}`}`, () =>
    assert.equal(packageRecordAt(path), manager));

test("rpm's databases are recognised at every path", () => {
  const paths = ["var/lib/rpm/Packages", "var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/Packages.db", "etc/rpm"];
  assert.deepEqual(paths.map(isRpmDatabase), [true, true, true, false]);
});

for (const [manager, path, text, expected] of [
  ["npm", "n/package.json", '{"name":"@a/b","version":"1.0.0"}', "@a/b 1.0.0"],
  ["npm", "n/package.json", '{"type":"module"}', ""],
  ["npm", "n/package.json", "not JSON", ""],
  ["npm", "n/package.json", '{"name":{},"version":1}', ""],
  ["pip", "x/METADATA", "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.2\n\nName: other\n", "foo-bar 1.2"],
  ["pip", "x/METADATA", "Name: alone\n\nVersion: 1\n", ""],
  ["dpkg", "var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a\nArchitecture: all\n", "tzdata 2024a"],
  ["dpkg", "var/lib/dpkg/status.d/tzdata.md5sums", "Package: no\nVersion: 1\n", ""],
] as const)
  test(`${manager} reads ${JSON.stringify(text)}`, () => {
    const parsed = parsePackageRecord(manager, path, Buffer.from(text));
    assert.ok(parsed.ok);
    assert.equal(parsed.value.map(({ name, version }) => `${name} ${version}`).join(), expected);
  });

test("packages are compared by manager and name, with all their versions", () => {
  const list = (text: string) =>
    text.split(" ").map((one) => {
      const [manager = "", name = "", version = ""] = one.split(":");
      return { manager: manager as PackageManager, name, version, path: "" };
    });
  const changes = diffPackages(
    list("npm:a:1 npm:a:2 dpkg:a:1 apk:gone:1 npm:same:1 npm:same:1"),
    list("npm:a:2 npm:a:3 dpkg:a:1 pip:new:1 npm:same:1"),
  );
  assert.deepEqual(
    changes.map(
      ({ manager, name, change, before, after }) => `${change} ${manager} ${name} ${before.join()} ${after.join()}`,
    ),
    ["removed apk gone 1 ", "changed npm a 1,2 2,3", "added pip new  1"],
  );
});
