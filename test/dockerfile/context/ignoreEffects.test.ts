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

describe("what each pattern changes, and what of it lasts", () => {
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

test("an exception tells which later line leaves out again what it means", () => {
  const [first] = ignoreEffects(contextOf(paths), parseIgnoreFile("!src\n*.txt\nsrc").patterns);
  assert.equal(first?.leftOutBy, 2);
});

describe("what is not listed is not taken for absent", () => {
  const fact = contextOf(["!node_modules/", "src/a.js"], "node_modules");
  const unlisted = (text: string) =>
    ignoreEffects(fact, parseIgnoreFile(text).patterns).map((effect) => effect.unlisted);
  test("with an exception what it means may be in there", () =>
    assert.deepEqual(unlisted("node_modules\n!node_modules/keep"), [undefined, "node_modules"]));
  test("without the line that ignores it others may mean what is in there", () =>
    assert.deepEqual(unlisted("**/*.md"), ["node_modules"]));
  test("what is ignored as a whole stays so", () =>
    assert.deepEqual(unlisted("node_modules\n**/*.md"), [undefined, undefined]));
  test("a name at the root is not in there", () => assert.deepEqual(unlisted("dist"), [undefined]));
});

test("every way of matching finds what trying all paths finds", () => {
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

test("the end of playing all patterns is what the ignore file says of each path", () => {
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

test("patterns and files too many to compare have no known effects", () => {
  const many = contextOf(Array.from({ length: 20_000 }, (_, at) => `f${at}`));
  const { patterns } = parseIgnoreFile(Array.from({ length: 600 }, (_, at) => `*${at}`).join("\n"));
  assert.equal(effectsIn(many, patterns), undefined);
});
