import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemo } from "../../../dockerfile/context/memo.ts";
import { indexOf } from "../../../dockerfile/context/contextIndex.ts";
import { countCopied, matchSource } from "../../../dockerfile/context/matchSource.ts";
import type { ContextFile, ContextFilesFact } from "../../../dockerfile/facts/fact.ts";

/**
 * Entries: `name` is a file, `name/` a folder, `name -> target` a link; a leading `!` means ignored, a trailing ` #1`
 * the same file.
 */
function contextOf(...entries: readonly string[]): ContextFilesFact {
  const files = entries.map((entry): ContextFile => {
    const [, bang, path = "", slash, target, inode] = /^(!?)(.*?)(\/?)(?: -> (.*?))?(?: #(\d+))?$/.exec(entry) ?? [];
    const kind = target !== undefined ? "symlink" : slash === "/" ? "directory" : "file";
    return {
      path,
      kind,
      bytes: kind === "file" ? 10 : 0,
      isIgnored: bang === "!",
      ...(target !== undefined && { linkTarget: target }),
      ...(inode !== undefined && { inode }),
    };
  });
  return { root: "/w", files, isTruncated: false };
}

function matched(fact: ContextFilesFact, source: string, style?: "parents"): string {
  const { files } = indexOf(fact);
  const match = matchSource(fact, source, style);
  return [...match.matched.map((at) => files[at]?.path), ...match.ignored.map((at) => `!${files[at]?.path}`)].join(" ");
}

const context = contextOf(
  "a.txt",
  "b.txt",
  "!c.txt",
  "src/main.js",
  "src/lib/x.js",
  "src/lib/y.ts",
  "!src/lib/z.js",
  "src/a.b/q.js",
  "link -> src/lib",
  "broken -> nowhere",
  "loop -> loop",
  "out -> ../x",
  "[x]",
);

// Sources of COPY as handled by BuildKit's ResolveWildcards and Go's filepath.Match.
describe("the match of a COPY source", () => {
  for (const [source, expected] of [
    ["a.txt", "a.txt"],
    ["./a.txt", "a.txt"],
    ["/a.txt", "a.txt"],
    ["../../a.txt", "a.txt"],
    ["src/../a.txt", "a.txt"],
    ["src//lib/", "src/lib"],
    ["A.txt", ""],
    ["c.txt", "!c.txt"],
    ["missing", ""],
    ["src/missing/x", ""],
    ["*.txt", "a.txt b.txt !c.txt"],
    ["?.txt", "a.txt b.txt !c.txt"],
    ["[a-b].txt", "a.txt b.txt"],
    ["[^a].txt", "b.txt !c.txt"],
    ["src/*", "src/a.b src/lib src/main.js"],
    ["src/*/*.js", "src/a.b/q.js src/lib/x.js !src/lib/z.js"],
    ["*/*.js", "src/main.js"],
    ["**/*.js", "src/main.js"],
    ["link", "src/lib"],
    ["link/x.js", "src/lib/x.js"],
    ["link/*.ts", "src/lib/y.ts"],
    ["broken", ""],
    ["loop", ""],
    ["out", ""],
    ["\\[x\\]", "[x]"],
    ["[", ""],
    ["*.none", ""],
  ] as const) {
    test(source, () => assert.equal(matched(context, source), expected));
  }

  test("with --parents, ** matches any number of folders", () => {
    assert.equal(matched(context, "**/*.js", "parents"), "src/a.b/q.js src/lib/x.js src/main.js !src/lib/z.js");
    assert.equal(matched(context, "src/**/*.ts", "parents"), "src/lib/y.ts");
  });
});

describe("the files that a COPY source copies", () => {
  const count = (fact: ContextFilesFact, sources: readonly string[], excludes: readonly string[] = []) => {
    const { count: files, bytes } = countCopied(
      fact,
      sources.map((source) => matchSource(fact, source)),
      excludes,
    );
    return [files, bytes];
  };

  test("a folder copies everything below it except ignored files", () =>
    assert.deepEqual(count(context, ["src"]), [4, 40]));
  test("a dot copies the whole context", () => assert.deepEqual(count(context, ["."]), [7, 70]));
  test("an ignored folder with an exception inside is copied with only the exception", () => {
    const fact = contextOf("!d/", "!d/a", "d/b");
    assert.equal(matched(fact, "d"), "d");
    assert.deepEqual(count(fact, ["d"]), [1, 10]);
  });
  test("an ignored folder without an exception is ignored", () =>
    assert.equal(matched(contextOf("!d/", "!d/a"), "d"), "!d"));
  test("overlapping matches are copied once", () =>
    assert.deepEqual(count(contextOf("d/d/a", "d/b"), ["d*"]), [2, 20]));
  test("several names of one file count their bytes once, but each as a file", () =>
    assert.deepEqual(count(contextOf("a #1", "b #1", "c #2"), ["."]), [3, 20]));
  test("of two names for one file, only the copied one counts", () =>
    assert.deepEqual(count(contextOf("x/a #1", "y/b #1"), ["y"]), [1, 10]));
  test("--exclude is relative to the copied folder", () =>
    assert.deepEqual(count(context, ["src"], ["lib/*.js", "main.js"]), [2, 20]));
});

describe("the index of a context", () => {
  test("files in any order are sorted, and folders that appear only in paths are added", () => {
    const fact = contextOf("b", "a/z/1", "a-", "a/b", "a.b");
    assert.deepEqual(
      indexOf(fact).files.map(({ path }) => path),
      ["a", "a/b", "a/z", "a/z/1", "a-", "a.b", "b"],
    );
  });

  test("sorted files are used unchanged", () => {
    const fact = contextOf("a/", "a/b", "a/z/", "a/z/1", "a-", "b");
    assert.equal(indexOf(fact).files, fact.files);
    assert.deepEqual([...indexOf(fact).ends], [4, 2, 4, 4, 5, 6]);
  });

  test("an empty context has an empty index", () => {
    const fact = contextOf();
    assert.deepEqual([...indexOf(fact).children(undefined)], []);
    assert.equal(matched(fact, "*"), "");
  });

  test("a list with a memo is indexed once", () => {
    const remembering = { ...context, memo: createMemo() };
    assert.equal(indexOf(remembering), indexOf(remembering));
  });
});
