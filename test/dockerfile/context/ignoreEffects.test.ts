import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { indexOf } from "../../../dockerfile/context/contextIndex.ts";
import {
  ignoreEffects as effectsIn,
  matchPattern,
  type PatternEffect,
} from "../../../dockerfile/context/ignoreEffects.ts";
import type { ContextFilesFact } from "../../../dockerfile/facts/fact.ts";
import { parseIgnoreFile, type IgnorePattern } from "../../../dockerfile/patterns/ignoreFile.ts";

function contextOf(paths: readonly string[], ignoreText?: string): ContextFilesFact {
  return {
    root: "/w",
    files: paths.map((path) => ({
      path: path.replace(/^!|\/$/g, ""),
      kind: path.endsWith("/") ? "directory" : "file",
      bytes: 1,
      isIgnored: path.startsWith("!"),
    })),
    isTruncated: false,
    ...(ignoreText !== undefined && { ignoreText }),
  };
}

function ignoreEffects(fact: ContextFilesFact, patterns: readonly IgnorePattern[]): readonly PatternEffect[] {
  const effects = effectsIn(fact, patterns);
  assert.ok(effects);
  return effects;
}

const paths = ["a.log", "b.txt", "logs/a.log", "logs/keep.log", "src/a.js", "src/deep/a.log", "src/deep/b.js"];

describe("ignoreEffects reports what each pattern changes, and how much of it lasts", () => {
  for (const [text, expected] of [
    ["*.log", "1/1"],
    ["**/*.log", "4/4"],
    ["logs\nlogs/a.log", "3/3 0/0"],
    ["logs/a.log\nlogs", "1/1 2/2"],
    ["src\n!src", "5/0 5/5"],
    ["!src\nsrc", "0/0 5/5"],
    ["*\n!src\nsrc/deep", "10/5 5/2 3/3"],
    ["missing", "0/0"],
    ["src/*", "4/4"],
    ["s*/d*/*.js", "1/1"],
    ["src/**/b.js", "1/1"],
    ["[ab].*", "2/2"],
    ["**/deep", "3/3"],
  ] as const) {
    test(JSON.stringify(text), () => {
      const effects = ignoreEffects(contextOf(paths), parseIgnoreFile(text).patterns);
      assert.equal(effects.map(({ changed, remaining }) => `${changed}/${remaining}`).join(" "), expected);
    });
  }
});

test("an exception reports the later line that excludes its matches again", () => {
  const [first] = ignoreEffects(contextOf(paths), parseIgnoreFile("!src\n*.txt\nsrc").patterns);
  assert.equal(first?.leftOutBy, 2);
});

describe("an unlisted path doesn't count as missing", () => {
  const fact = contextOf(["!node_modules/", "src/a.js"], "node_modules");
  const unlisted = (text: string) =>
    ignoreEffects(fact, parseIgnoreFile(text).patterns).map((effect) => effect.unlisted);
  test("an unlisted folder with an exception may contain the exception's matches", () =>
    assert.deepEqual(unlisted("node_modules\n!node_modules/keep"), [undefined, "node_modules"]));
  test("an unlisted folder may contain other patterns' matches without the line that ignores it", () =>
    assert.deepEqual(unlisted("**/*.md"), ["node_modules"]));
  test("a folder that is ignored as a whole stays ignored", () =>
    assert.deepEqual(unlisted("node_modules\n**/*.md"), [undefined, undefined]));
  test("a pattern for a name at the root doesn't match inside an unlisted folder", () =>
    assert.deepEqual(unlisted("dist"), [undefined]));
});

test("every way of matching finds the same as trying all paths", () => {
  const part = fc.constantFrom("a", "b", "lib", "*", "a*", "*.js", "?", "**", "x.js", "[ab]", "l?b", "**b");
  const name = fc.constantFrom("a", "b", "lib", "x.js", "ab", "a.js");
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.array(fc.array(name, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      (parts, names) => {
        // A path is either a file or a folder.
        const folders = new Set(
          names.flatMap((path) => path.slice(0, -1).map((_, depth) => path.slice(0, depth + 1).join("/"))),
        );
        const files = [...new Set(names.map((path) => path.join("/")))].filter((path) => !folders.has(path));
        const index = indexOf(contextOf(files));
        const [pattern] = parseIgnoreFile(parts.join("/")).patterns;
        if (!pattern) return;
        const found = matchPattern(index, pattern).flatMap((top) =>
          index.files.slice(top, index.ends[top]).map(({ path }) => path),
        );
        assert.deepEqual(
          found.toSorted(),
          index.files
            .map(({ path }) => path)
            .filter((path) => pattern.covers(path))
            .toSorted(),
          pattern.pattern,
        );
      },
    ),
  );
});

test("applying all patterns ends with the ignore file's decision for each path", () => {
  const line = fc.constantFrom("*", "a", "!a", "**/b", "!**/b", "a/b", "!a/b", "lib", "!lib/a", "*.js", "!x.js");
  const path = fc.constantFrom("a/b", "a/a", "b", "lib/a", "lib/b/x.js", "x.js", "c");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.uniqueArray(path), (lines, files) => {
      const ignore = parseIgnoreFile(lines.join("\n"));
      const fact = contextOf(files);
      const decided = ignoreEffects(fact, ignore.patterns).reduce((sum, { remaining }) => sum + remaining, 0);
      assert.equal(
        decided,
        indexOf(fact).files.filter((file) => ignore.decidingPattern(file.path) !== undefined).length,
      );
    }),
  );
});

test("too many patterns and files to compare have unknown effects", () => {
  const many = contextOf(Array.from({ length: 20_000 }, (_, at) => `f${at}`));
  const { patterns } = parseIgnoreFile(Array.from({ length: 600 }, (_, at) => `*${at}`).join("\n"));
  assert.equal(effectsIn(many, patterns), undefined);
});
