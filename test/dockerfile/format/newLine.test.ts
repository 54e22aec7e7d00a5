import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { indentNewLine } from "../../../dockerfile/format/newLine.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";

/** The text after Enter has begun the line with the `|`. */
function afterEnter(marked: string): string {
  const text = marked.replace("|", "");
  const change = indentNewLine(parse(text), marked.indexOf("|"), { tabSize: 2, insertSpaces: true });
  return applyChanges(text, change ? [change] : []);
}

const cases: readonly (readonly [title: string, marked: string, expected: string])[] = [
  ["the first continued line takes one step", "FROM a\nRUN b \\\n|", "FROM a\nRUN b \\\n  "],
  ["a line that was split takes one step", "FROM a\nRUN b \\\n| c\n", "FROM a\nRUN b \\\n  c\n"],
  ["the next one is like the one above", "FROM a\nRUN b \\\n\tc \\\n|", "FROM a\nRUN b \\\n\tc \\\n\t"],
  [
    "the line after an instruction loses the editor's own blanks",
    "FROM a\nRUN b \\\n  c\n  |",
    "FROM a\nRUN b \\\n  c\n",
  ],
  ["an instruction that was split off begins its line", "FROM a\n  |RUN b\n", "FROM a\nRUN b\n"],
  ["a line of a heredoc stays", "FROM a\nRUN <<E\n  x\n  |\nE\n", "FROM a\nRUN <<E\n  x\n  \nE\n"],
  ["a comment stays", "FROM a\n  |# b\n", "FROM a\n  # b\n"],
  ["the first line stays", "  |", "  "],
];

for (const [title, marked, expected] of cases)
  test(`Enter: ${title}`, () => assert.equal(afterEnter(marked), expected));
