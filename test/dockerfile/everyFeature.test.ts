// What editors ask for at an offset, asked for all over files of practice and in half-typed ones: nothing throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../dockerfile/assist/completion/complete.ts";
import { hoverAt } from "../../dockerfile/assist/hover/hover.ts";
import { semanticTokens } from "../../dockerfile/assist/semanticTokens.ts";
import { signatureAt } from "../../dockerfile/assist/signature.ts";
import { formatFile } from "../../dockerfile/format/format.ts";
import { indentNewLine } from "../../dockerfile/format/newLine.ts";
import { contextFileAt } from "../../dockerfile/navigation/contextFile.ts";
import { foldsOf } from "../../dockerfile/navigation/folding.ts";
import { linksOf } from "../../dockerfile/navigation/links.ts";
import { definitionAt, placesAt } from "../../dockerfile/navigation/navigate.ts";
import { outlineOf } from "../../dockerfile/navigation/outline.ts";
import { renamableAt, renameAt } from "../../dockerfile/navigation/rename.ts";
import { selectionAt } from "../../dockerfile/navigation/selection.ts";
import { refactoringsAt } from "../../dockerfile/refactor/refactorings.ts";
import type { Build } from "../../dockerfile/semantics/build.ts";
import { buildOf } from "../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../support/dockerfile/fixtures.ts";

const style = { tabSize: 2, insertSpaces: true };
const layout = { ...style, keywordCase: "upper", insertsFinalNewline: true, trimsFinalNewlines: true } as const;

/** Every feature that answers for an offset, by name. */
const atOffset: Readonly<Record<string, (build: Build, offset: number) => unknown>> = {
  completion: (build, offset) => complete({ build, facts: build.facts }, offset),
  hover: (build, offset) => hoverAt({ build, facts: build.facts }, offset),
  signature: ({ file }, offset) => signatureAt(file, offset),
  definition: (build, offset) => definitionAt(build, offset) ?? contextFileAt(build, offset),
  places: placesAt,
  renamable: renamableAt,
  rename: (build, offset) => renameAt(build, offset, "other_name"),
  selection: selectionAt,
  newLine: ({ file }, offset) => indentNewLine(file, offset, style),
  refactorings: (build, offset) => refactoringsAt(build, { start: offset, end: offset + (offset % 9) }),
};

/** Every feature that answers for a file. */
const ofFile: Readonly<Record<string, (build: Build) => unknown>> = {
  folds: ({ file }) => foldsOf(file),
  links: linksOf,
  outline: ({ file }) => outlineOf(file),
  tokens: (build) => semanticTokens(build, { start: 0, end: build.file.text.length }),
  formatting: (build) => formatFile(build, layout),
};

function ask(text: string, offsets: readonly number[]): void {
  const build = buildOf(text);
  const where = (name: string, offset: number) => `${name} at ${JSON.stringify(text.slice(0, offset).slice(-40))}|`;
  for (const [name, feature] of Object.entries(ofFile)) assert.doesNotThrow(() => feature(build), name);
  for (const offset of offsets)
    for (const [name, feature] of Object.entries(atOffset))
      assert.doesNotThrow(() => feature(build, offset), where(name, offset));
}

// Of the fixtures one offset in some, another in each file.
const stride = 61;

test("every feature answers all over every fixture", () => {
  for (const [index, { text }] of dockerfileFixtures.entries())
    ask(
      text,
      Array.from({ length: Math.ceil(text.length / stride) }, (_, at) => at * stride + (index % stride)),
    );
});

const halfTyped: readonly string[] = [
  "FROM a\nCOPY --from=",
  "FROM a\nRUN --mount=type=cache,target",
  'FROM a\nENV A="b',
  "FROM a\nRUN echo ${A:-${B",
  "FROM a\nRUN <<EOF\necho $",
  'FROM a\nCOPY ["a", "',
  "FROM a\r\nRUN a \\\r\n\tb $A\r\n",
  "FROM a\nLABEL \u{1F433}=\u{1F433} $A\n# hadolint ignore=\u{1F433}\n",
  "# escape=`\nFROM a\nRUN a `\n  b ``$A\n",
  "\uFEFF# syntax=\nFROM \nONBUILD ONBUILD \nHEALTHCHECK --interval= CMD \n",
  "RUN a && \\\n\nRUN b\n",
  "",
  "#",
  "ONBUILD",
];

test("every feature answers at every offset of half-typed files", () => {
  for (const text of halfTyped)
    ask(
      text,
      Array.from({ length: text.length + 1 }, (_, offset) => offset),
    );
});
