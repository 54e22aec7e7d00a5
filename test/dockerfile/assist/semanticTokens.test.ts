import assert from "node:assert/strict";
import { test } from "node:test";
import { semanticTokens } from "../../../dockerfile/assist/semanticTokens.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** Every token as `text type.modifier`. */
function tokens(text: string): readonly string[] {
  return semanticTokens(buildOf(text), { start: 0, end: text.length }).map(
    ({ span, type, modifiers }) => `${text.slice(span.start, span.end)} ${[type, ...modifiers].join(".")}`,
  );
}

test("image references have a token per part, and stages are declarations or uses", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  assert.deepEqual(tokens(`FROM ghcr.io/a/b:1@${digest} AS one\nFROM one\nCOPY --from=debian:12 a /\n`), [
    "ghcr.io/a/b namespace",
    "1 enumMember",
    `${digest} string`,
    "one class.declaration",
    "one class",
    "from property",
    "debian namespace",
    "12 enumMember",
  ]);
});

test("variables have tokens by their origin", () => {
  assert.deepEqual(tokens("ARG V=1\nFROM a\nARG V\nENV E=$V\nRUN echo $E ${PATH:-x} $other\n"), [
    "V parameter.declaration",
    "a namespace",
    "V parameter.declaration",
    "E variable.declaration",
    "V parameter",
    "E variable",
    "PATH variable.readonly.defaultLibrary",
    "other variable",
  ]);
});

test("deprecated and unknown words have marked tokens", () => {
  assert.deepEqual(tokens("FROM scratch\nMAINTAINER me\nFRUM x\nCOPY --frum=x a b\nRUN --mount=typ=cache true\n"), [
    "scratch type.defaultLibrary",
    "MAINTAINER keyword.deprecated",
    "FRUM keyword.unknown",
    "frum property.unknown",
    "mount property",
    "typ property.unknown",
  ]);
});

test("the tokens of a range are those of the instructions that it touches", () => {
  const text = "FROM a\nENV B=1\nENV C=2\n";
  const found = semanticTokens(buildOf(text), { start: 16, end: 17 });
  assert.deepEqual(
    found.map(({ span }) => text.slice(span.start, span.end)),
    ["C"],
  );
});
