// What editors ask for at an offset, at every one of files of practice and of half-typed ones: nothing throws.
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
};

/** Takes two thirds of the time of everything together: at one offset in some, another in each file. */
const stride = 7;

const refactorings = (build: Build, offset: number) =>
  refactoringsAt(build, { start: offset, end: offset + (offset % 9) });

/** Every feature that answers for a file. */
const ofFile: Readonly<Record<string, (build: Build) => unknown>> = {
  folds: ({ file }) => foldsOf(file),
  links: linksOf,
  outline: ({ file }) => outlineOf(file),
  tokens: (build) => semanticTokens(build, { start: 0, end: build.file.text.length }),
  formatting: (build) => formatFile(build, layout),
};

function ask(text: string, isRefactored: (offset: number) => boolean): void {
  const build = buildOf(text);
  for (const [name, feature] of Object.entries(ofFile)) assert.doesNotThrow(() => feature(build), name);
  for (let offset = 0; offset <= text.length; offset++) {
    const features = isRefactored(offset) ? { ...atOffset, refactorings } : atOffset;
    for (const [name, feature] of Object.entries(features)) {
      try {
        feature(build, offset);
      } catch (cause) {
        throw new Error(`${name} at ${JSON.stringify(text.slice(0, offset).slice(-40))}|`, { cause });
      }
    }
  }
}

test("every feature answers at every offset of every fixture", () => {
  for (const [index, { text }] of dockerfileFixtures.entries())
    ask(text, (offset) => offset % stride === index % stride);
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
  for (const text of halfTyped) ask(text, () => true);
});
