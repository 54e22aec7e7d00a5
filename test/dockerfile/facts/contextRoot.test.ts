import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { candidateRoots, isInside } from "../../../dockerfile/facts/candidateRoots.ts";
import { fetchContextRoot } from "../../../dockerfile/facts/fetch/contextRoot.ts";
import { contextFolder, type ContextFolder } from "../../support/dockerfile/contextFolder.ts";

test("candidates for the context are the Dockerfile's folder and those above it, up to the workspace's", () => {
  assert.deepEqual(candidateRoots("/w/a/b", "/w"), ["/w/a/b", "/w/a", "/w"]);
  assert.deepEqual(candidateRoots("/w", "/w"), ["/w"]);
  assert.deepEqual(candidateRoots("/other", "/w"), ["/other"]);
  assert.deepEqual(candidateRoots("/wide", "/w"), ["/wide"]);
  assert.deepEqual(candidateRoots("/a", "/"), ["/a", "/"]);
});

test("a folder whose name only starts with another's isn't inside it", () => {
  assert.equal(isInside("/w", "/w/x"), true);
  assert.equal(isInside("/w", "/w"), true);
  assert.equal(isInside("/w", "/wide"), false);
  assert.equal(isInside("/w", "/w/..x"), true);
  assert.equal(isInside("/w/x", "/w"), false);
});

describe("the context is the folder that contains the copied files", () => {
  let folder: ContextFolder;
  before(async () => {
    folder = await contextFolder({
      "package.json": "1",
      "src/a.js": "1",
      "docker/app/Dockerfile": "FROM scratch\nCOPY package.json /\nCOPY src /src\n",
      "docker/app/entry.sh": "1",
      "docker/common.conf": "1",
    });
  });
  after(() => folder.remove());

  for (const [claim, sources, expected] of [
    ["all sources are next to the Dockerfile", ["entry.sh"], "docker/app"],
    ["all sources are in the workspace's folder", ["package.json", "src"], ""],
    ["all sources are in a folder between", ["common.conf"], "docker"],
    ["most sources are in the workspace's folder", ["package.json", "src", "missing"], ""],
    ["no source exists anywhere", ["missing"], "docker/app"],
    ["no source is copied by name", [], "docker/app"],
    ["of equal folders the nearer one wins", ["entry.sh", "package.json"], "docker/app"],
    ["a source above the root stays in it", ["../package.json"], ""],
    ["the sources come from the Dockerfile on disk", undefined, ""],
  ] as const) {
    test(claim, async () => {
      const scope = {
        dockerfilePath: join(folder.path, "docker/app/Dockerfile"),
        candidateRoots: candidateRoots(join(folder.path, "docker/app"), folder.path),
      };
      const state = await fetchContextRoot(
        { kind: "contextRoot", ...(sources && { sources }) },
        scope,
        new AbortController().signal,
      );
      assert.deepEqual(state, { state: "known", value: { root: join(folder.path, expected) } });
    });
  }
});
