import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeLines, changedWords, deltaText, modeText, timeText } from "../../../media/layerDiff/attributes.ts";
import type { ViewRow } from "../../../media/protocol/messages.ts";
import { row } from "./diffRows.ts";

test("modes are printed as ls prints them, with set-id and sticky bits", () => {
  assert.equal(modeText(0o755), "rwxr-xr-x (0755)");
  assert.equal(modeText(0o4755), "rwsr-xr-x (4755)");
  assert.equal(modeText(0o2644), "rw-r-Sr-- (2644)");
  assert.equal(modeText(0o1777), "rwxrwxrwt (1777)");
});

test("attributes that differ are listed first, with both values", () => {
  const base = row("M etc/x 5>5");
  const changed: ViewRow = {
    ...base,
    change: "metadata",
    attributes: ["mode", "owner"],
    after: { kind: "file", size: 5, mode: 0o4755, owner: "1:1", mtimeMs: 0 },
  };
  assert.deepEqual(
    attributeLines(changed).map(({ name, before, after, differs }) => [name, before, after, differs]),
    [
      ["Mode", "rw-r--r-- (0644)", "rwsr-xr-x (4755)", true],
      ["Owner", "0:0", "1:1", true],
      ["Type", "file", "file", false],
      ["Size", "5 B", "5 B", false],
      ["Modified", "1970-01-01 00:00:00 UTC", "1970-01-01 00:00:00 UTC", false],
    ],
  );
  assert.equal(changedWords(changed), "mode, owner");
});

test("the last column says what changed, once", () => {
  assert.equal(changedWords(row("M a 1>2")), "content");
  assert.equal(changedWords(row("T a 1")), "time");
  assert.equal(changedWords(row("A a 1")), "");
  assert.equal(changedWords({ ...row("M a 1>1"), change: "renamed", from: "b" }), "from b");
});

test("a change of 0 bytes is an empty cell, and a decrease has a real minus sign", () => {
  assert.equal(deltaText(0), "");
  assert.equal(deltaText(-1500), "−1.50 kB");
});

test("times keep their fractions, and an impossible time is reported as such", () => {
  assert.equal(timeText(1_704_067_200_000), "2024-01-01 00:00:00 UTC");
  assert.equal(timeText(1_704_067_200_250), "2024-01-01 00:00:00.250 UTC");
  assert.equal(timeText(1e300), "invalid date");
});
