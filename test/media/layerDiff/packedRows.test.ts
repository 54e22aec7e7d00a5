import assert from "node:assert/strict";
import { test } from "node:test";
import type { ViewRow } from "../../../media/protocol/messages.ts";
import { packRows, unpackRows } from "../../../media/protocol/packedRows.ts";
import { rows } from "./diffRows.ts";

const common = rows("A usr/bin/x 120\nA usr/bin/y 7\nD etc/old 5\nM etc/conf 5>9\nT etc/passwd 4\nA usr/lib/");
const [added] = common;

test("rows arrive as they were sent", () => {
  const entry = { kind: "file", size: 3, mode: 0o4755, owner: "0:0 (root:root)", mtimeMs: 1.5 };
  const odd: readonly ViewRow[] = [
    { path: "a\u{1f600}b", change: "renamed", from: "a\u{1f601}b", attributes: ["path"], deltaBytes: 0, after: entry },
    { path: "a\u{1f602}", change: "added", attributes: [], after: entry, deltaBytes: 3, marks: ["setuid"] },
    {
      path: "a\n\ud83d",
      change: "metadata",
      attributes: ["xattrs"],
      before: { ...entry, device: "1:3", linkTarget: "__proto__" },
      after: { ...entry, xattrs: { ["__proto__"]: "AQ==" } },
      deltaBytes: -2,
    },
  ];
  for (const sent of [[], common, odd, [...common, ...odd, ...common]])
    assert.deepEqual(unpackRows(packRows(sent)), sent);
});

test("rows that look like others take little more than what is new in their paths", () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...added, path: `usr/lib/package/file-${index}.js` }));
  const bytes = packRows(many as readonly ViewRow[]).length;
  assert.ok(bytes < JSON.stringify(many).length / 4, `${bytes} bytes`);
});
