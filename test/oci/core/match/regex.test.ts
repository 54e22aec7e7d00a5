import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { globMatches, pathMatcher } from "../../../../oci/core/match/pathMatcher.ts";
import { regexMatcher } from "../../../../oci/core/match/regex.ts";

const texts = ["", "a", "b", "ab", "abc", "aab", "etc/passwd", "usr/lib/libssl.so.3", "a-b", "x.y", "12", "a b", "A.B"];

for (const pattern of [
  ...["a", "ab|cd", "^a", "b$", "a*b", "a+b", "ab?c", "a{2}", "a{1,2}b", "a{2,}", "(a|b)+c", "(?:ab)+$", "[ab]c"],
  ...["[^a]", "[a-c]{3}", "\\d+", "\\w\\s\\w", "\\.so(\\.\\d+)?$", "lib[^/]+\\.so", "\\bpass", "^$", "a*?b", "[]a]b"],
  ...["[\\d.]", "A.B", "(a*)*b", "", "a||b", "()", "[a-]b", "\\/", "\\Bb", "^(etc|usr)/.*[0-9]$"],
])
  test(`the pattern ${pattern} matches like JavaScript's regular expression`, () => {
    const matches = regexMatcher(pattern);
    const peer = new RegExp(pattern === "[]a]b" ? "[\\]a]b" : pattern, "i");
    assert.ok(matches);
    for (const text of texts) assert.equal(matches(text), peer.test(text), text);
  });

for (const pattern of [
  "(",
  ")",
  "a)",
  "[",
  "[b-a]",
  "*a",
  "a**",
  "a{3,2}",
  "\\1",
  "(?=a)",
  "a{2000}",
  "\\",
  "(".repeat(99),
])
  test(`the pattern ${pattern.slice(0, 20)} is refused`, () => assert.equal(regexMatcher(pattern), undefined));

test("random patterns match like JavaScript's regular expressions", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "/",
    ".",
    "[ab]",
    "(a|b)",
    "(?:ab)",
    "a*",
    "b+",
    "a?",
    "b{1,2}",
    "^",
    "$",
    "\\w",
    "\\b",
    "\\B",
  );
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "c"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), letters, (pieces, text) => {
      const pattern = pieces.join("");
      assert.equal(regexMatcher(pattern)?.(text), new RegExp(pattern, "i").test(text));
    }),
  );
});

test("a pattern with more states than are kept matches like JavaScript's regular expression", () => {
  // Which of the last 14 letters were an "a" makes 16,384 states.
  const pattern = "^[ab]*a[ab]{13}$";
  const matches = regexMatcher(pattern);
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 10, maxLength: 400 });
  fc.assert(
    fc.property(letters, (text) => assert.equal(matches?.(text), new RegExp(pattern, "i").test(text))),
    { numRuns: 300 },
  );
});

test("patterns with exponential backtracking are matched in a bounded number of steps", () => {
  // Backtracking takes 2^5000 steps for these, so a backtracking matcher would never end.
  assert.equal(regexMatcher("^(a+)+$")?.(`${"a".repeat(5000)}b`), false);
  assert.equal(regexMatcher("(a|a)*b")?.("a".repeat(5000)), false);
  assert.equal(globMatches(`${"*a".repeat(30)}b`, "a".repeat(5000)), false);
});

test("a path filter takes a part of a path, a glob or a regular expression between slashes", () => {
  const passed = (text: string): readonly string[] =>
    ["etc/ssl/Certs.pem", "usr/lib/libc.so", "lib"].filter((path) => pathMatcher(text)?.(path));
  assert.deepEqual(passed("SSL"), ["etc/ssl/Certs.pem"]);
  assert.deepEqual(passed("*.so"), ["usr/lib/libc.so"]);
  assert.deepEqual(passed("/^\\/lib$/"), ["lib"]);
  assert.deepEqual(passed("/\\.(so|pem)$/"), ["etc/ssl/Certs.pem", "usr/lib/libc.so"]);
  // Without any special characters of regular expressions it is a folder.
  assert.deepEqual(passed("/lib/"), ["usr/lib/libc.so"]);
  assert.equal(pathMatcher("/(/"), undefined);
});
