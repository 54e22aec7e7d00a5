import assert from "node:assert/strict";
import { test } from "node:test";
import { lint } from "../../../support/dockerfile/check.ts";

const goSource = 'package a\n\nimport "fmt"\n\nfunc Hello() {\n\tfmt.Println("hi")\n}\n';
const pythonSource =
  "from os import path\nfrom sys import argv\nFrom typing import Any\n\nenv = 1\nrun(path)\nuser = argv\n";

/** The rule and the safety of its fix. */
function found(text: string, options: Parameters<typeof lint>[1] = {}): string[] {
  return lint(text, options).map(({ rule, fix }) => `${rule.id} ${fix?.().safety ?? "no fix"}`);
}

test("a text in another language has one finding and no fix", () => {
  for (const text of [goSource, pythonSource]) assert.deepEqual(found(text), ["not-a-dockerfile no fix"], text);
});

test("a text with NUL bytes has one finding and no fix", () => {
  assert.deepEqual(found("\uFFFD\uFFFDF\0R\0O\0M\0 \0a\0\n\0"), ["not-a-dockerfile no fix"]);
  assert.deepEqual(found("FROM debian:12\nrun a\0\n"), ["not-a-dockerfile no fix"]);
});

test("a Dockerfile with some unknown lines keeps its findings", () => {
  assert.deepEqual(found("FROM debian:12\nRUN a\nUSER b\n    c\n    d\n"), [
    "unknown-instruction no fix",
    "unknown-instruction no fix",
  ]);
});

test("if the notice is off or silenced, the rest is reported, without safe fixes", () => {
  const text = "from a\nrun b\nCopy c d\n}\n{\n)\n(\n";
  const options = { severities: { "not-a-dockerfile": "off" } } as const;
  for (const all of [found(text, options), found(`# imagewright file ignore=not-a-dockerfile\n${text}`)]) {
    assert.ok(all.some((one) => one.startsWith("instruction-casing")));
    assert.ok(!all.some((one) => one.endsWith(" safe")));
  }
});

test("the fixes of a template are unsafe", () => {
  const text = "FROM debian:{{suite}} as a\nrun b\nENV c d\n";
  assert.deepEqual(
    found(text).filter((one) => !one.endsWith("no fix")),
    ["from-as-casing unsafe", "instruction-casing unsafe", "legacy-key-value unsafe"],
  );
});
