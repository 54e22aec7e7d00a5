import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { lint } from "../../support/dockerfile/check.ts";

function safelyFixed(text: string): string {
  return applyChanges(text, safeFixes(lint(text)));
}

test("a word that isn't an instruction has no casing", () => {
  for (const text of [
    "FROM debian:12\nENV A=1\n    foo=bar\n",
    "FROM debian:12\nRUN a\nb --c\n",
    "from debian:12\nrun a\nB=c\n",
  ]) {
    assert.deepEqual(
      lint(text).filter(({ rule }) => rule.id === "instruction-casing"),
      [],
      text,
    );
    assert.equal(safelyFixed(text), text);
  }
});

test("unknown words don't affect the majority casing of instructions", () => {
  const text = "FROM debian:12\nfoo=1\nbar=2\nUSER 1\nbaz\nRUN a\n";
  assert.equal(safelyFixed(text), text);
});

test("placeholders in capitals aren't changed", () => {
  for (const text of [
    "FROM REPLACE-ME\nUSER 1\n",
    "FROM registry.example/CHANGE_ME/app:1\nUSER 1\n",
    "FROM YOUR_IMAGE:1.2\nUSER 1\n",
    "FROM BASE_IMAGE:1\nUSER 1\n",
    "FROM debian:12 AS REPLACE-ME\nUSER 1\n",
  ])
    assert.equal(safelyFixed(text), text);
});

test("names that were meant in lower case are fixed", () => {
  assert.equal(safelyFixed("FROM Debian:12\nUSER 1\n"), "FROM debian:12\nUSER 1\n");
  assert.equal(safelyFixed("FROM debian:12 AS Build\nUSER 1\n"), "FROM debian:12 AS build\nUSER 1\n");
  assert.equal(safelyFixed("FROM debian:12 AS BUILD-ENV\nUSER 1\n"), "FROM debian:12 AS build-env\nUSER 1\n");
});
