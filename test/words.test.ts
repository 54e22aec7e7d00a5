import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { commands } from "../cli/src/commands.ts";
import { rules } from "../dockerfile/lint/rules/index.ts";
import { ignoreRules } from "../dockerfile/lint/ignore/rules/index.ts";

/** Words that seem translated, or that readers would have to guess at; in texts that users see. */
const unwanted =
  /\b(?:is no (?!longer\b)[a-z]+|there is no|there are no|nobody|anew|mends?|to be had|gives? back|stands?|goes before|whoever|tells?|told|(?<!left )behind|put in|take out)\b/i;

function check(texts: Readonly<Record<string, string>>): void {
  const found = Object.entries(texts).flatMap(([where, text]) => {
    const word = unwanted.exec(text)?.[0];
    return word === undefined ? [] : [`${where}: "${word}" in ${JSON.stringify(text)}`];
  });
  assert.deepEqual(found, []);
}

/** Pages for people who change the project. */
const internalPages: ReadonlySet<string> = new Set(["ARCHITECTURE.md"]);

const root = join(import.meta.dirname, "..");

function textsIn(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, string>;
}

describe("texts that users see are plain English", () => {
  test("the manifest's texts are plain English", () => check(textsIn("package.nls.json")));

  test("the extension's messages and labels are plain English", () =>
    check(Object.fromEntries(Object.values(textsIn("l10n/bundle.l10n.json")).map((text) => [text, text]))));

  test("the pages are plain English, line by line, apart from code and the names of files", () => {
    const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root }).filter((page) => !internalPages.has(page));
    assert.ok(pages.length > 100);
    check(
      Object.fromEntries(
        pages.flatMap((page) =>
          readFileSync(join(root, page), "utf8")
            .replace(/```.*?```|`[^`\n]*`|\([\w./-]+\.md[^)]*\)|comment-behind-pattern/gs, (code) =>
              code.replace(/[^\n]/g, ""),
            )
            .split("\n")
            .map((line, index) => [`${page}:${index + 1}`, line] as const),
        ),
      ),
    );
  });

  test("the rules' summaries are plain English", () =>
    check(Object.fromEntries([...rules, ...ignoreRules].map(({ meta }) => [meta.id, meta.summary]))));

  test("the command line's help is plain English", async () => {
    const all = await Promise.all([...commands.values()].map((load) => load()));
    check(
      Object.fromEntries(
        all.flatMap(({ name, summary, options }) => [
          [name, summary],
          ...Object.entries(options).map(([option, { help }]) => [`${name} --${option}`, help]),
        ]),
      ),
    );
  });
});
