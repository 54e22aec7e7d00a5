import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { formatFile, type FormatOptions } from "../../../dockerfile/format/format.ts";
import { hasSameMeaning } from "../../../dockerfile/format/sameMeaning.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { shell } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

const defaults: FormatOptions = {
  tabSize: 4,
  insertSpaces: true,
  keywordCase: "keep",
  insertsFinalNewline: false,
  trimsFinalNewlines: false,
};

function formatted(text: string, options: Partial<FormatOptions> = {}): string {
  return applyChanges(text, formatFile({ file: parse(text), shell }, { ...defaults, ...options }));
}

interface Case {
  readonly title: string;
  readonly text: string;
  readonly expected: string;
  readonly options?: Partial<FormatOptions>;
}

const cases: readonly Case[] = [
  {
    title: "blanks at the ends of lines and before instructions go, those of comments and heredocs stay",
    text: "  FROM a  \n # c  \n\tRUN b \\ \t\n  c\t\n   \nCOPY <<E /  \n  x  \nE\n",
    expected: "FROM a\n # c  \nRUN b \\\n    c\n\nCOPY <<E /\n  x  \nE\n",
  },
  {
    title: "continued lines take one step and keep what is deeper",
    text: "FROM a\nRUN if b; then \\\n  c; \\\n  else \\\n      d; \\\n  fi\n",
    expected: "FROM a\nRUN if b; then \\\n    c; \\\n    else \\\n        d; \\\n    fi\n",
  },
  {
    title: "tabs",
    text: "FROM a\nRUN a \\\n  b \\\n      c\n",
    expected: "FROM a\nRUN a \\\n\tb \\\n\t\tc\n",
    options: { insertSpaces: false },
  },
  {
    title: "a comment between continued lines moves along, unless it begins its line",
    text: "FROM a\nRUN a \\\n# one\n  # two\n  b\n",
    expected: "FROM a\nRUN a \\\n# one\n    # two\n    b\n",
  },
  {
    title: "an instruction whose quoted text goes on in the next line keeps its indentation",
    text: 'FROM a\nRUN echo "a \\\n  b"\nENV A="a \\\n  b"\nRUN x "$(echo "a \\\n  b")"\n',
    expected: 'FROM a\nRUN echo "a \\\n  b"\nENV A="a \\\n  b"\nRUN x "$(echo "a \\\n  b")"\n',
  },
  {
    title: "the value of an ENV without = keeps its blanks",
    text: "FROM a\nENV A b \\\n  c\nWORKDIR /a \\\n  b\n",
    expected: "FROM a\nENV A b \\\n  c\nWORKDIR /a \\\n  b\n",
  },
  {
    title: "a word that goes on in the next line stays whole",
    text: "FROM a\nRUN ab\\\ncd\nENV A=x\\\ny\n",
    expected: "FROM a\nRUN ab\\\ncd\nENV A=x\\\ny\n",
  },
  {
    title: "what isn't read as POSIX shell keeps its indentation",
    text: '# escape=`\nFROM a\nSHELL ["powershell"]\nRUN a `  \n b\n',
    expected: '# escape=`\nFROM a\nSHELL ["powershell"]\nRUN a `\n b\n',
  },
  {
    title: "keywords in capitals, AS and those after ONBUILD and HEALTHCHECK too, unknown words not",
    text: "from a as b\nonbuild run x\nhealthcheck --timeout=1s cmd y\nfoo z\n",
    expected: "FROM a AS b\nONBUILD RUN x\nHEALTHCHECK --timeout=1s CMD y\nfoo z\n",
    options: { keywordCase: "upper" },
  },
  {
    title: "the end of the file, with its own line endings",
    text: "FROM a\r\nRUN b",
    expected: "FROM a\r\nRUN b\r\n",
    options: { insertsFinalNewline: true },
  },
  {
    title: "blank lines at the end of the file",
    text: "FROM a\n \n\n",
    expected: "FROM a\n",
    options: { trimsFinalNewlines: true },
  },
  {
    title: "a heredoc without its end keeps every line",
    text: "FROM a\nRUN <<E\n x \n\n\n",
    expected: "FROM a\nRUN <<E\n x \n\n\n",
    options: { trimsFinalNewlines: true, insertsFinalNewline: true },
  },
  { title: "an empty file stays empty", text: "", expected: "", options: { insertsFinalNewline: true } },
];

for (const { title, text, expected, options } of cases)
  test(`formatting: ${title}`, () => assert.equal(formatted(text, options), expected));

/** The same file, laid out badly in a way that means the same. */
function mangled(text: string): string {
  const file = parse(text);
  const changes = file.instructions.flatMap(({ span, keyword }, index) => {
    const blanks = " ".repeat(index % 4);
    return [
      { span: { start: keyword.span.start, end: keyword.span.start }, text: index % 5 === 0 ? "\t" : blanks },
      ...(text[span.end] === "\n" && file.instructions[index]?.heredocs.length === 0
        ? [{ span: { start: span.end, end: span.end }, text: blanks }]
        : []),
    ];
  });
  return applyChanges(text, changes);
}

test("a formatted file means the same, and formatting it again changes nothing", () => {
  const styles: readonly Partial<FormatOptions>[] = [
    { insertsFinalNewline: true, trimsFinalNewlines: true },
    { tabSize: 2, keywordCase: "upper" },
    { insertSpaces: false, keywordCase: "lower" },
  ];
  for (const [index, { name, text: written }] of dockerfileFixtures.entries()) {
    const options = styles[index % styles.length] ?? {};
    for (const text of [written, mangled(written)]) {
      const once = formatted(text, options);
      assert.equal(formatted(once, options), once, `${name} is laid out at once`);
      const before = parse(text);
      const after = parse(once);
      assert.equal(after.instructions.length, before.instructions.length, name);
      assert.deepEqual(
        after.comments.map((comment) => comment.text),
        before.comments.map((comment) => comment.text),
      );
      for (const [at, instruction] of before.instructions.entries()) {
        const other = after.instructions[at];
        assert.ok(
          other && hasSameMeaning({ file: before, instruction }, { file: after, instruction: other }, shell),
          `${name}: instruction ${at} means the same`,
        );
      }
    }
  }
});
