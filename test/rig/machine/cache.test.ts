import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cached, isCached } from "./cache.ts";

let folder = "";
const cacheBefore = process.env["IMAGEWRIGHT_RIG_CACHE"];

before(() => {
  folder = mkdtempSync(join(tmpdir(), "imagewright-cache-test-"));
  process.env["IMAGEWRIGHT_RIG_CACHE"] = folder;
});

after(() => {
  if (cacheBefore === undefined) delete process.env["IMAGEWRIGHT_RIG_CACHE"];
  else process.env["IMAGEWRIGHT_RIG_CACHE"] = cacheBefore;
  rmSync(folder, { recursive: true });
});

test("a result requested twice at the same time is created once", async () => {
  let makings = 0;
  const entry = {
    name: "once",
    announce: "Making it once",
    make: async (path: string) => {
      makings += 1;
      writeFileSync(join(path, "content"), "whole");
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
  const [first, second] = await Promise.all([cached(entry), cached(entry)]);
  assert.equal(makings, 1);
  assert.equal(first, second);
  assert.equal(readFileSync(join(first, "content"), "utf8"), "whole");
});

test("a failed result isn't kept, and is created again", async () => {
  const entry = { name: "fails", announce: "Making it fail", make: () => Promise.reject(new Error("no line")) };
  await assert.rejects(cached(entry), /no line/);
  assert.equal(await isCached("fails"), false);
  await cached({ ...entry, make: () => Promise.resolve() });
  assert.equal(await isCached("fails"), true);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("fails")),
    ["fails"],
  );
});

test("the lock of a dead process is taken over", async () => {
  // Linux doesn't assign this process ID: its maximum is 4,194,304.
  writeFileSync(join(folder, "abandoned.lock"), "99999999");
  await cached({ name: "abandoned", announce: "Making it after a crash", make: () => Promise.resolve() });
  assert.equal(await isCached("abandoned"), true);
});
