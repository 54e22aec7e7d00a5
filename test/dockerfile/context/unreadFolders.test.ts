import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unreadBy } from "../../../dockerfile/context/unreadFolders.ts";
import type { ContextFilesFact } from "../../../dockerfile/facts/fact.ts";

const entry = (path: string, kind: "file" | "directory") => ({ path, kind, bytes: 0, isIgnored: false }) as const;
const context: ContextFilesFact = {
  root: "/w",
  isTruncated: false,
  files: [
    entry("data", "directory"),
    entry("data/db", "directory"),
    entry("data/readme", "file"),
    { ...entry("link", "file"), kind: "symlink", linkTarget: "data/db/inside" },
    entry("src", "directory"),
    entry("src/a.js", "file"),
  ],
  unreadFolders: [{ path: "data/db", reason: "permission denied" }],
};

describe("a source is unknown if a folder that can't be read may hold some of it", () => {
  for (const source of [
    ".",
    "/",
    "data",
    "data/db",
    "data/db/x/y",
    "./data/../data/",
    "da*",
    "*",
    "data/d?",
    "link",
    "link/x",
  ])
    test(source, () =>
      assert.equal(
        unreadBy(context, source, "plain"),
        "the folder data/db of the build context can't be read: permission denied",
      ),
    );
  test("** with --parents", () => assert.ok(unreadBy(context, "src/**/*.js", "parents")));
});

describe("other sources are known", () => {
  for (const source of ["src", "src/a.js", "data/readme", "*.js", "s*", "data/*.txt", "missing", "datab"])
    test(source, () => assert.equal(unreadBy(context, source, "plain"), undefined));
});
