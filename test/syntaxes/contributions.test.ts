import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { grammars } from "../../syntaxes/grammar/files.ts";
import { embeddedScope, languages } from "../../syntaxes/grammar/languages.ts";
import { root } from "../support/sources.ts";

interface Contribution {
  readonly path: string;
  readonly scopeName: string;
  readonly embeddedLanguages?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  readonly contributes: { readonly grammars: readonly Contribution[] };
};
const contributed = manifest.contributes.grammars;

test("package.json contributes every grammar by its scope", () => {
  assert.deepEqual(
    new Map(contributed.map(({ path, scopeName }) => [path, scopeName])),
    new Map(Object.entries(grammars).map(([name, { scopeName }]) => [`./syntaxes/${name}.tmLanguage.json`, scopeName])),
  );
});

test("package.json maps the bodies of heredocs to their languages", () => {
  const expected = Object.fromEntries(
    languages.map((language) => [`${embeddedScope(language)}.dockerfile`, language.id]),
  );
  const [injection] = contributed;
  assert.deepEqual(injection?.embeddedLanguages, expected);
});
