import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSettings } from "../../../server/protocol/settings.ts";
import type { Snapshot } from "../../../server/src/documents/dockerfileSnapshot.ts";
import { outline } from "../../../server/src/features/documentSymbols.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const text = "FROM scratch AS files\nCOPY a /\nFROM files\nFROM debian:12 AS big\nRUN make\n";
const files = [{ path: "a", kind: "file" as const, bytes: 1500, isIgnored: false }];
const facts: KnownFacts = [[{ kind: "contextFiles" }, { root: "/w", isTruncated: false, files }]];

function details(settings: unknown): readonly string[] {
  const build = buildOf(text, facts);
  const snapshot = { file: build.file, build, settings: decodeSettings(settings) } as Snapshot;
  return outline(snapshot).map(({ name, detail }) => `${name}: ${detail}`);
}

test("the outline has the size of each stage that is known completely, if sizes are shown", () => {
  assert.deepEqual(details({}), ["files: scratch · 1.50 kB", "files: 1.50 kB", "big: debian:12"]);
  assert.deepEqual(details({ sizes: { hints: false } }), ["files: scratch", "files: ", "big: debian:12"]);
});
