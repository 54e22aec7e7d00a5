import assert from "node:assert/strict";
import { test } from "node:test";
import {
  capitalize,
  compareText,
  counted,
  fitWidth,
  grouped,
  isRecord,
  nanosecondsText,
  plural,
  sentence,
  shorten,
} from "../../../oci/core/text.ts";

test("capitalize only changes the first letter", () => {
  assert.equal(capitalize("the iMage"), "The iMage");
  assert.equal(capitalize(""), "");
});

test("grouped puts a comma between groups of three digits", () => {
  assert.deepEqual([0, 999, 1000, 12345, 1234567].map(grouped), ["0", "999", "1,000", "12,345", "1,234,567"]);
});

test("a sentence gets a full stop unless it already ends with a mark", () => {
  assert.equal(sentence("nothing was pushed"), "Nothing was pushed.");
  assert.equal(sentence("Pushed!"), "Pushed!");
});

test("shorten keeps the given number of characters, and fitWidth includes the ellipsis", () => {
  assert.equal(shorten("abcd", 4), "abcd");
  assert.equal(shorten("abcde", 4), "abcd…");
  assert.equal(fitWidth("abcd", 4), "abcd");
  assert.equal(fitWidth("abcde", 4), "abc…");
});

test("counts use the singular or the plural", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, "layer")),
    ["0 layers", "1 layer", "2 layers"],
  );
  assert.equal(plural(1, "file"), "file");
});

test("texts are sorted by code units, not by a locale", () => {
  assert.deepEqual(["ä", "b", "B", "a"].sort(compareText), ["B", "a", "b", "ä"]);
});

test("only objects are records", () => {
  assert.ok(isRecord({}));
  for (const other of [[], null, undefined, "text", 1]) assert.ok(!isRecord(other));
});

test("nanoseconds are formatted exactly, in common units", () => {
  const texts: readonly (readonly [number, string])[] = [
    [30e9, "30 s"],
    [90e9, "1 min 30 s"],
    [3600e9, "1 h"],
    [3_661_500_000_000, "1 h 1 min 1.5 s"],
    [500e6, "500 ms"],
    [1, "0.000001 ms"],
  ];
  for (const [nanoseconds, text] of texts) assert.equal(nanosecondsText(nanoseconds), text);
});
