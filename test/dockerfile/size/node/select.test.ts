// Which packages of a lock file npm installs.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readNpmLock } from "../../../../dockerfile/size/node/lock.ts";
import { selectPackages, type NodeSelection } from "../../../../dockerfile/size/node/select.ts";

type Entries = Readonly<Record<string, object>>;

const linux: NodeSelection = { omit: [], os: "linux", cpu: "x64", libc: "glibc" };

function lockOf(packages: Entries, lockfileVersion: unknown = 3) {
  const entries = Object.entries(packages).map(([path, entry]) => [path, { version: "1.0.0", ...entry }]);
  return readNpmLock({ name: "app", lockfileVersion, packages: Object.fromEntries(entries) as Entries });
}

function kept(packages: Entries, selection: Partial<NodeSelection> = {}): readonly string[] {
  const lock = lockOf(packages);
  assert.ok(typeof lock === "object", String(lock));
  return selectPackages(lock, { ...linux, ...selection }).map(({ path }) => path.replaceAll("node_modules/", ""));
}

const project: Entries = {
  "": { dependencies: { a: "1", native: "1" }, devDependencies: { tool: "1" } },
  "node_modules/a": { dependencies: { b: "1" } },
  "node_modules/b": {},
  "node_modules/a/node_modules/b": {},
  "node_modules/tool": { dev: true, dependencies: { b: "1" } },
  "node_modules/native": { optionalDependencies: { "native-darwin": "1", "native-linux": "1" } },
  "node_modules/native-darwin": { optional: true, os: ["darwin"], dependencies: { wasm: "1" } },
  "node_modules/native-linux": { optional: true, os: ["linux"], cpu: ["x64"] },
  "node_modules/wasm": { optional: true },
};

suite("npm installs of a lock file", () => {
  test("npm installs all that fits the platform, and nothing that only the rest needs", () =>
    assert.deepEqual(kept(project), ["a", "b", "a/b", "tool", "native", "native-linux"]));

  test("npm installs no development packages if they are omitted", () =>
    assert.deepEqual(kept(project, { omit: ["dev"] }), ["a", "a/b", "native", "native-linux"]));

  test("npm installs no optional packages if they are omitted", () =>
    assert.deepEqual(kept(project, { omit: ["optional"] }), ["a", "b", "a/b", "tool", "native"]));

  test("npm installs no optional package for another processor", () =>
    assert.ok(!kept(project, { cpu: "arm64" }).includes("native-linux")));

  test("npm installs no optional development package for another system", () => {
    const packages = {
      "": { devDependencies: { a: "1" } },
      "node_modules/a": { dev: true, optional: true, os: ["!linux"] },
    };
    assert.deepEqual(kept(packages), []);
  });

  test("npm installs what both kinds need, unless both are omitted", () => {
    const packages = { "": { dependencies: { a: "1" } }, "node_modules/a": { devOptional: true } };
    assert.deepEqual(kept(packages, { omit: ["dev"] }), ["a"]);
    assert.deepEqual(kept(packages, { omit: ["dev", "optional"] }), []);
  });

  test("npm installs the variant for the C library of the image", () => {
    const packages = {
      "": { optionalDependencies: { gnu: "1", musl: "1" } },
      "node_modules/gnu": { optional: true, libc: ["glibc"] },
      "node_modules/musl": { optional: true, libc: ["musl"] },
    };
    assert.deepEqual(kept(packages), ["gnu"]);
    assert.deepEqual(kept(packages, { libc: "musl" }), ["musl"]);
  });

  test("npm installs what a package of the workspace needs, through its link", () => {
    const packages = {
      "": { workspaces: ["packages/*"] },
      "node_modules/own": { resolved: "packages/own", link: true },
      "packages/own": { dependencies: { a: "1" } },
      "node_modules/a": {},
    };
    assert.deepEqual(kept(packages), ["own", "packages/own", "a"]);
  });

  test("npm installs what nothing is known to need", () =>
    assert.deepEqual(kept({ "": {}, "node_modules/a": { peer: true } }), ["a"]));
});

suite("a lock file is refused", () => {
  for (const [why, value, reason] of [
    ["of version 1", { lockfileVersion: 1, dependencies: {} }, /version 1/],
    ["of a version to come", { lockfileVersion: 9, packages: {} }, /unsupported version/],
    ["without packages", { lockfileVersion: 3 }, /lists no packages/],
    ["that is a list", [], /is not a lock file/],
    [
      "with an entry without version and address",
      { lockfileVersion: 3, packages: { "node_modules/a": {} } },
      /node_modules\/a/,
    ],
    ["with an entry that is a text", { lockfileVersion: 3, packages: { "node_modules/a": "1" } }, /node_modules\/a/],
  ] as const)
    test(`a lock file ${why} is refused`, () => assert.match(String(readNpmLock(value)), reason));

  test("a lock file may name packages like members of every object", () =>
    assert.deepEqual(kept({ "": { dependencies: { constructor: "1" } }, "node_modules/constructor": {} }), [
      "constructor",
    ]));
});

test("bundled packages and links add nothing of their own", () => {
  const lock = lockOf({
    "": {},
    "node_modules/a": {},
    "node_modules/a/node_modules/b": { inBundle: true },
    "node_modules/own": { resolved: "own", link: true },
    own: {},
  });
  assert.ok(typeof lock === "object");
  const own = lock.packages.filter(({ isPartOfOther }) => !isPartOfOther);
  assert.deepEqual(
    own.map(({ path }) => path),
    ["node_modules/a"],
  );
});
