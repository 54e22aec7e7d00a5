import assert from "node:assert/strict";
import { test } from "node:test";
import { contentBytes } from "../../../../oci/core/bytes.ts";
import { contentOf } from "../../../../oci/core/columns/contentBuilder.ts";
import type { EntryKind, LayerEntry } from "../../../../oci/core/entry.ts";
import { findNode } from "../../../../oci/core/layerTree.ts";
import { stack } from "../../../../oci/core/stack.ts";
import { planExtraction } from "../../../../oci/layers/extract/plan.ts";

/** Plans the extraction of `top` from lines of `path kind` or `path -> target`. Returns the plan as lines. */
function planned(top: string, lines: readonly string[], platform: NodeJS.Platform = "linux"): readonly string[] {
  const entries = lines.map(entryOf);
  const { root } = stack([contentOf({ entries })]);
  const node = findNode(root, top);
  assert.ok(node);
  const plan = planExtraction(root, { top: node, name: node.name, platform });
  return [
    ...plan.folders.map(({ to }) => `${to}/`),
    ...plan.files.map(({ to }) => to),
    ...plan.symlinks.map(({ to, target }) => `${to} -> ${target}`),
    ...plan.omitted.map(({ path }) => `not ${path}`),
  ];
}

function entryOf(line: string): LayerEntry {
  const [path = "", target] = line.split(" -> ");
  const [, name = "", kind = target === undefined ? "file" : "symlink"] = /^(\S+)(?: (\w+))?$/.exec(path) ?? [];
  return {
    path: name,
    kind: kind as EntryKind,
    size: contentBytes(0),
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeMs: 0,
    ...(target !== undefined && { linkTarget: target }),
  };
}

for (const [link, expected] of [
  ["a/l -> b", "a/l -> b"],
  ["a/d/l -> ../b", "a/d/l -> ../b"],
  ["a/l -> /a/b", "a/l -> b"],
  ["a/l -> .", "a/l -> ."],
  ["a/d/l -> ..", "a/d/l -> .."],
  ["a/l -> ../../../a/b", "a/l -> b"],
  // Inside by its text, but `a/out` leads out of the extracted folder.
  ["a/l -> out/b", "not a/l"],
  ["a/l -> ../e", "not a/l"],
  ["a/l -> ..", "not a/l"],
  ["a/l -> /", "not a/l"],
  ["a/l -> nothing", "not a/l"],
  ["a/l -> l", "a/l -> l"],
] as const)
  test(`the link ${link} is written as ${expected}`, () => {
    const lines = ["a directory", "a/b", "a/d directory", "e", "f directory", "f/b", "a/out -> /f", link];
    assert.ok(planned("a", lines).includes(expected), planned("a", lines).join(", "));
  });

test("devices, pipes and broken hard links are left out", () => {
  const lines = ["d directory", "d/c character", "d/b block", "d/p fifo", "d/h hardlink", "d/x"];
  assert.deepEqual(planned("d", lines), ["d/", "d/x", "not d/b", "not d/c", "not d/h", "not d/p"]);
});

test("entries below a file or a link are left out", () => {
  const lines = ["d directory", "d/f", "d/f/below", "d/f/deep/er", "d/l -> /etc", "d/l/passwd", "etc directory"];
  assert.deepEqual(planned("d", lines), ["d/", "d/f", "not d/f/below", "not d/f/deep", "not d/l"]);
});

test("names with a special meaning on Windows are left out there, folders with all their content", () => {
  const lines = ["d directory", "d/a:b", "d/..\\x", "d/nul.txt", "d/end. directory", "d/end./x", "d/ok"];
  assert.deepEqual(planned("d", lines, "win32"), [
    "d/",
    "d/ok",
    "not d/..\\x",
    "not d/a:b",
    "not d/end.",
    "not d/nul.txt",
  ]);
  assert.equal(planned("d", lines).length, lines.length);
});
