import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/sources.ts";

type Pattern = string | { readonly pattern: string; readonly flags: string };

interface EnterRule {
  readonly beforeText: Pattern;
  readonly previousLineText: Pattern;
  readonly action: { readonly indent: string };
}

const { onEnterRules } = JSON.parse(
  await readFile(join(root, "syntaxes/dockerfile.language-configuration.json"), "utf8"),
) as { readonly onEnterRules: readonly EnterRule[] };

test("Enter indents after the first continued line of an instruction", () => {
  assert.equal(afterEnter("FROM a", String.raw`RUN a && \ `), "indent");
  assert.equal(afterEnter("", String.raw`run a \ `.trim()), "indent");
});

test("Enter keeps the indentation between continued lines", () => {
  assert.equal(afterEnter(String.raw`RUN a && \ `, String.raw`    b && \ `), undefined);
  assert.equal(afterEnter(String.raw`RUN a && \ `, "    # comment"), undefined);
});

test("Enter removes the indentation after the last continued line", () => {
  assert.equal(afterEnter(String.raw`RUN a && \ `, "    b"), "outdent");
});

test("Enter does nothing if no line is continued", () => {
  assert.equal(afterEnter("FROM a", "RUN b"), undefined);
  assert.equal(afterEnter("FROM a", String.raw`RUN b \\`), undefined);
  assert.equal(afterEnter("RUN <<EOF", "  b"), undefined);
});

/** The first rule that matches decides, as in VS Code. */
function afterEnter(previousLine: string, line: string): string | undefined {
  return onEnterRules.find(
    ({ beforeText, previousLineText }) => regExp(beforeText).test(line) && regExp(previousLineText).test(previousLine),
  )?.action.indent;
}

function regExp(pattern: Pattern): RegExp {
  return typeof pattern === "string" ? new RegExp(pattern) : new RegExp(pattern.pattern, pattern.flags);
}
