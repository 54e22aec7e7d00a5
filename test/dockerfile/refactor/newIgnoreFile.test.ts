import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIgnoreFile } from "../../../dockerfile/patterns/ignoreFile.ts";
import { newIgnoreFile } from "../../../dockerfile/refactor/newIgnoreFile.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** The ignore file for a context of these files; folders are made of their paths. */
function ignoreFileFor(paths: readonly string[], text = "FROM a\nCOPY src /\n", more: object = {}): string | undefined {
  const folders = paths.flatMap((path) =>
    path.split("/").flatMap((_, at, parts) => (at > 0 ? parts.slice(0, at).join("/") : [])),
  );
  const files = [
    ...[...new Set(folders)].map((path) => ({ path, kind: "directory", bytes: 0, isIgnored: false })),
    ...paths.map((path) => ({ path, kind: "file", bytes: 1, isIgnored: false })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const fact = { root: "/w", isTruncated: false, files, ...more };
  return newIgnoreFile(buildOf(text, [[{ kind: "contextFiles" }, fact]]))?.text;
}

const paths = [
  ".env",
  ".git/HEAD",
  ".git/config",
  "a/node_modules/x.js",
  "b/node_modules/y/node_modules/z.js",
  "src/a.js",
  "venv/pyvenv.cfg",
];

test("a new ignore file lists what tools made and what often holds secrets, as far as it is there", () => {
  assert.equal(
    ignoreFileFor(paths),
    `# Version control, and what tools keep or make again
.git
**/node_modules
venv

# Files that often hold secrets
.env
`,
  );
});

test("what an instruction names is left out", () => {
  const text = "FROM a\nCOPY .env a/node_modules/x.js venv /\nRUN --mount=type=bind,source=.git,target=/g true\n";
  assert.equal(ignoreFileFor(paths, text), "# Version control, and what tools keep or make again\nb/node_modules\n");
});

test("names with the characters of patterns match themselves alone", () => {
  const text = ignoreFileFor(["[a]/node_modules/x.js"]) ?? "";
  const ignored = parseIgnoreFile(text);
  assert.ok(ignored.decidingPattern("[a]/node_modules"));
  assert.equal(ignored.decidingPattern("a/node_modules"), undefined);
});

test("nothing is offered if there is an ignore file, if files are unknown, or if nothing would be in it", () => {
  assert.equal(ignoreFileFor(paths, undefined, { ignoreFile: ".dockerignore" }), undefined);
  assert.equal(ignoreFileFor(paths, undefined, { isTruncated: true }), undefined);
  assert.equal(ignoreFileFor(["src/a.js"]), undefined);
  assert.equal(newIgnoreFile(buildOf("FROM a\n")), undefined);
});
