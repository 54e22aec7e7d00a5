import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { splitArchiveReference } from "../../../oci/source/archiveSelect.ts";

test("a reference splits at the longest path that exists", async () => {
  const split = async (written: string, ...paths: readonly string[]): Promise<string> => {
    const { path, image: name, platform } = await splitArchiveReference(written, (candidate) => Promise.resolve(paths.includes(candidate)));
    return `${path} | ${name} | ${platform ? formatPlatform(platform) : ""}`;
  };
  assert.equal(await split("a.tar", "a.tar"), "a.tar |  | ");
  assert.equal(await split("a.tar#x:1@linux/arm64", "a.tar"), "a.tar | x:1 | linux/arm64");
  assert.equal(await split("a.tar@linux/arm64", "a.tar"), "a.tar |  | linux/arm64");
  assert.equal(await split("a#b.tar#x", "a#b.tar", "a"), "a#b.tar | x | ");
  assert.equal(await split("a@linux/amd64", "a@linux/amd64", "a"), "a@linux/amd64 |  | ");
  assert.equal(await split("gone#x"), "gone#x |  | ");
  assert.equal(await split(`a#x@sha256:${"0".repeat(64)}`, "a"), `a | x@sha256:${"0".repeat(64)} | `);
});
