import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { generated, stalePages } from "../docs/generate.ts";

const root = join(import.meta.dirname, "..");

test("generated files equal the output of npm run generate", async () => {
  const files = await generated();
  for (const [path, text] of files) {
    const current = await readFile(join(root, path), "utf8").catch(() => "");
    assert.equal(current, text, `${path} is out of date: npm run generate`);
  }
  assert.deepEqual(await stalePages(files), [], "pages without a rule: npm run generate");
});
