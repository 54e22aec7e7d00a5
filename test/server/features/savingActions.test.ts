import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { decodeSettings } from "../../../server/protocol/settings.ts";
import type { Snapshot } from "../../../server/src/documents/dockerfileSnapshot.ts";
import { savingActions } from "../../../server/src/features/savings/savingActions.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const size = { bytes: 1_000_000, files: 10, packedBytes: 200_000 };
const facts: KnownFacts = [
  [
    { kind: "contextFiles" },
    {
      root: "/ctx",
      isTruncated: false,
      files: ["package.json", "package-lock.json"].map((path) => ({ path, kind: "file", bytes: 10, isIgnored: false })),
    },
  ],
  [
    { kind: "nodePackages", lock: "package-lock.json", manifest: "package.json", configs: [], omit: [], libc: "glibc" },
    {
      packages: [{ name: "a", version: "1.0.0", size }],
      folderCount: 1,
      hiddenLockBytes: 1000,
      lockBytes: 5000,
      scripts: [],
    },
  ],
];
const head = "FROM node:20-slim\nWORKDIR /app\nCOPY package*.json ./\n";

/** The actions at the last line: each title with the line that it makes. */
function actions(run: string, settings: unknown = {}): readonly (readonly [string, string])[] {
  const build = buildOf(head + run, facts);
  const at = head.length;
  const snapshot = { build, settings: decodeSettings(settings) } as Snapshot;
  return savingActions(snapshot, { start: at, end: at }).map(({ title, effect }) => {
    assert.ok("changes" in effect);
    return [title, applyChanges(build.file.text, effect.changes).slice(at)];
  });
}

suite("a command that makes a layer smaller is offered with the bytes that it saves", () => {
  test("cleaning npm's cache is offered with the bytes that it saves", () =>
    assert.deepEqual(actions("RUN npm ci"), [
      ["Run `npm cache clean --force` at the end (saves 201 kB)", "RUN npm ci && npm cache clean --force"],
    ]));
  test("cleaning npm's cache isn't offered on a line that does it", () =>
    assert.deepEqual(actions("RUN npm ci && npm cache clean --force"), []));
  test("cleaning npm's cache isn't offered without size hints", () =>
    assert.deepEqual(actions("RUN npm ci", { sizes: { hints: false } }), []));
});
