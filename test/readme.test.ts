import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

test("every file that the tests' README names exists", () => {
  const text = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  const paths = [...text.matchAll(/`([\w./]+\.ts)`/g)].map(([, path = ""]) => path);
  assert.ok(paths.length > 50, "the README names fixtures by their paths");
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(import.meta.dirname, path))),
    [],
  );
});
