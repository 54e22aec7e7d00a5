import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseIgnoreFile } from "../../../dockerfile/patterns/ignoreFile.ts";

// Ignore file, excluded paths, included paths. Agrees with moby/patternmatcher 0.6.1, which was run on these and on
// some 100,000 random patterns.
const table: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["a name matches at the root", "foo", ["foo", "foo/a/b"], ["a/foo", "foobar"]],
  ["a leading slash means nothing", "/foo/bar", ["foo/bar", "foo/bar/x"], ["x/foo/bar", "bar"]],
  ["a trailing slash means nothing", "foo/", ["foo", "foo/a"], ["foob"]],
  ["dots are normalized", "./a/../b//c/.", ["b/c"], ["a", "c"]],
  ["trailing blanks don't count", "  foo \t\n\tbar", ["foo", "bar"], [" foo"]],
  ["comments start only at the beginning of a line", "#foo\n #bar", ["#bar"], ["#foo", "foo", "bar"]],
  ["a star stays in its folder", "*.log", ["a.log", ".log"], ["a/b.log", "a.logs"]],
  ["a star in the middle matches", "a*/c", ["ab/c", "a/c", "a/c/d"], ["a/b/c"]],
  ["a question mark is one character except the slash", "a?c", ["abc", "aéc"], ["ac", "a/c", "abbc"]],
  ["two stars reach every depth", "**/x.log", ["x.log", "a/x.log", "a/b/x.log"], ["x.logs", "ax.log"]],
  ["two stars without a slash match inside names", "**foo", ["foo", "barfoo", "a/barfoo/b"], ["foob"]],
  ["two stars at the end match everything below", "foo/**", ["foo/a", "foo/a/b"], ["foo", "foob"]],
  ["two stars in the middle match any folders", "a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb"]],
  ["two stars alone match everything", "**", ["a", "a/b", ".x"], []],
  ["a star and two stars combine", "*/**/z*", ["a/z1", "a/b/z"], ["z"]],
  ["a class matches its characters", "[a-c]x[^0-9]", ["axz", "bx-"], ["dxz", "ax1", "x"]],
  ["an escaped star is literal", "a\\*b", ["a*b"], ["axb"]],
  ["exceptions re-include paths", "*\n!keep", ["a", "b/c"], ["keep", "keep/x"]],
  [
    "the last match decides",
    "*.md\n!README*.md\nREADME-secret.md",
    ["a.md", "README-secret.md"],
    ["README.md", "README-1.md"],
  ],
  ["an exception below a folder re-includes", "dist\n!dist/keep", ["dist", "dist/a"], ["dist/keep", "dist/keep/a"]],
  ["an earlier exception is overruled", "!foo\nfoo", ["foo"], []],
  ["blanks after the ! don't count", "foo*\n! foo1", ["foo2"], ["foo1"]],
  ["a byte order mark and carriage returns are removed", "\uFEFFfoo\r\nbar\r\n", ["foo", "bar"], []],
  ["characters special to regular expressions are literal", "a.b+c(d)$", ["a.b+c(d)$"], ["axb+c(d)$", "abc"]],
  ["special characters next to a star are literal", "*.{js,ts}", ["a.{js,ts}"], ["a.js"]],
  ["everything but the context itself can be excluded", ".\n/\n*", ["a"], [".", "./"]],
  ["paths are normalized", "foo/bar", ["./foo/bar", "foo//bar/", "/foo/bar"], []],
];

describe("ignore files exclude the same paths as in BuildKit", () => {
  for (const [name, text, ignored, kept] of table) {
    test(name, () => {
      const file = parseIgnoreFile(text);
      assert.deepEqual(
        [ignored.filter((path) => !file.isIgnored(path)), kept.filter(file.isIgnored), file.problems],
        [[], [], []],
      );
    });
  }

  test("ignore patterns have spans", () => {
    const text = "# c\n  ! a/./b \nx\n";
    const { patterns, comments, hasExceptions } = parseIgnoreFile(text);
    assert.deepEqual(
      patterns.map(({ text: written, pattern, isException, span }) => [
        written,
        pattern,
        isException,
        text.slice(span.start, span.end),
      ]),
      [
        ["! a/./b", "a/b", true, "! a/./b"],
        ["x", "x", false, "x"],
      ],
    );
    assert.deepEqual([comments, hasExceptions], [[{ start: 0, end: 3 }], true]);
  });

  test("the deciding pattern is reported", () => {
    const file = parseIgnoreFile("*\n!a\na/b");
    assert.deepEqual(
      ["x", "a", "a/b"].map((path) => file.decidingPattern(path)?.text),
      ["*", "!a", "a/b"],
    );
  });

  test("a pattern that BuildKit can't read is a problem and matches nothing", () => {
    for (const text of ["!", "! ", "[a", "a\\", "[]", "a\\é"])
      assert.equal(parseIgnoreFile(text).problems.length, 1, text);
  });

  // Wrong in patternmatcher 0.6.1: it doesn't escape | and { next to a wildcard, which makes this pattern end at "a".
  // Here they are plain characters.
  test("a bar is a plain character in a pattern", () => {
    const file = parseIgnoreFile("a*|b");
    assert.deepEqual(["ax|b", "ax"].map(file.isIgnored), [true, false]);
  });

  test("hostile patterns and paths don't take exponential time", () => {
    const file = parseIgnoreFile(`${"*a".repeat(300)}b\n${"**/".repeat(100)}x*`);
    assert.equal(file.isIgnored("a".repeat(2_000)) || file.isIgnored("a/".repeat(2_000)), false);
  });

  test("patterns beyond the limits are reported and not applied", () => {
    const long = "x".repeat(1_025);
    const file = parseIgnoreFile(`${long}\n${"*a\n".repeat(10_001)}b`);
    assert.deepEqual(
      file.excess.map(({ reason }) => reason),
      ["a pattern of more than 1,024 characters", "more than 10,000 patterns"],
    );
    assert.deepEqual([file.patterns.length, file.isIgnored("b"), file.isIgnored(long)], [10_000, false, false]);
  });

  test("long matching runs in steps with the same result", () => {
    const file = parseIgnoreFile(`${"*?".repeat(500)}\n`.repeat(100) + "!*z");
    const path = "a".repeat(400);
    const steps = file.decidingInSteps(path);
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count++;
    assert.ok(count > 50, String(count));
    assert.equal(step.value, file.decidingPattern(path));
  });
});
