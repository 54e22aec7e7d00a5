import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePath } from "../../../oci/layers/resolvePath.ts";
import { contentOf } from "../../../oci/core/columns/contentBuilder.ts";
import { stack } from "../../../oci/core/stack.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { contentBytes } from "../../../oci/core/bytes.ts";

const entry = (path: string, more: Partial<LayerEntry>): LayerEntry => ({
  path,
  kind: "file",
  size: contentBytes(0),
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeMs: 0,
  ...more,
});
const link = (path: string, linkTarget: string): LayerEntry => entry(path, { kind: "symlink", linkTarget });
const entries = [
  entry("etc/passwd", {}),
  entry("usr/lib/libc.so.6", {}),
  link("lib", "usr/lib"),
  link("usr/lib/libc.so", "libc.so.6"),
  link("usr/etc", "/etc"),
  link("escape", "../../../etc/passwd"),
  link("a", "b"),
  link("b", "a"),
  link("gone", "nowhere/x"),
];
const { root } = stack([contentOf({ entries })]);

for (const [path, expected] of [
  ["/etc/passwd", "etc/passwd"],
  ["lib/libc.so", "usr/lib/libc.so.6"],
  ["usr/etc/./passwd", "etc/passwd"],
  ["lib/../lib/libc.so.6", "usr/lib/libc.so.6"],
  ["../../etc/passwd", "etc/passwd"],
  ["escape", "etc/passwd"],
  ["/", ""],
  ["a", "loop"],
  ["gone", "missing nowhere"],
  ["etc/passwd/x", "missing etc/passwd/x"],
] as const)
  test(`${path} leads to ${expected}`, () => {
    const found = resolvePath(root, path);
    assert.equal(
      found.kind === "found" ? found.node.path : found.kind === "missing" ? `missing ${found.path}` : found.kind,
      expected,
    );
  });
