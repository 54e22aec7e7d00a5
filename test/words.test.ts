import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { commands } from "../cli/src/commands.ts";
import { rules } from "../dockerfile/lint/rules/index.ts";
import { ignoreRules } from "../dockerfile/lint/ignore/rules/index.ts";

/** Words that seem translated, or that readers would have to guess at; in texts that users see. */
const unwanted =
  /\b(?:is no [a-z]+|there is no|there are no|nobody|anew|mends?|to be had|gives? back|stands?|goes before|whoever|tells?|told|behind|put in|take out)\b/i;

function check(texts: Readonly<Record<string, string>>): void {
  const found = Object.entries(texts).flatMap(([where, text]) => {
    const word = unwanted.exec(text)?.[0];
    return word === undefined ? [] : [`${where}: "${word}" in ${JSON.stringify(text)}`];
  });
  assert.deepEqual(found, []);
}

describe("texts that users see are plain English", () => {
  test("the manifest's texts are plain English", () =>
    check(JSON.parse(readFileSync(new URL("../package.nls.json", import.meta.url), "utf8")) as Record<string, string>));

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
