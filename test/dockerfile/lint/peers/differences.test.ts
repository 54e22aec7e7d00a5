import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { contextWith } from "../../../../dockerfile/lint/exampleFacts.ts";
import { rules } from "../../../../dockerfile/lint/rules/index.ts";
import { configured, lint, type CheckOptions } from "../../../support/dockerfile/check.ts";

// Each row of docs/differences.md ends with an input and our result.
const rows = readFileSync(join(import.meta.dirname, "../../../../docs/differences.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| Rule "));

/** Facts from beyond the text, by the rule that needs them. */
const knowledge: ReadonlyMap<string, CheckOptions> = new Map<string, CheckOptions>([
  ["untrusted-registry", configured("trustedRegistries: [ghcr.io/acme]\n")],
  ["ignore-comment", { severities: { "ignore-comment": "warning" } }],
  ["missing-label", configured("label-schema: {team: text}\n")],
  ["label-hash", configured("label-schema: {hash: hash}\n")],
  [
    "copy-ignored-file",
    {
      facts: [
        contextWith({ ignoreFile: ".dockerignore", ignoreText: "*.txt\n!notes.txt\n" }, "notes.txt", {
          path: "secret.txt",
          isIgnored: true,
        }),
      ],
    },
  ],
]);

test("the list of differences has a row for each known difference", () => assert.ok(rows.length >= 95));

for (const row of rows) {
  const { title, text, id, isFound } = readRow(row);
  test(`${title}: ${isFound ? "" : "no "}${id}`, () => {
    const found = lint(text, knowledge.get(id)).filter(({ rule }) => rule.id === id);
    assert.equal(found.length > 0, isFound, text);
  });
}

function readRow(row: string): {
  readonly title: string;
  readonly text: string;
  readonly id: string;
  readonly isFound: boolean;
} {
  const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  const [, rule = "", other = ""] = cells;
  const [input = "", answer = ""] = (cells.at(-2) ?? "").split(" → ");
  const [, no, id = ""] = /^(no )?`([\w-]+)`$/.exec(answer) ?? assert.fail(row);
  assert.ok(
    rules.some(({ meta }) => meta.id === id),
    id,
  );
  const text = input
    .split(" ⏎ ")
    .map((line) => line.replace(/^`(.*)`$/, "$1"))
    .join("\n");
  return { title: `${rule.replaceAll(/\]\([^)]*\)|\[/g, "")}, ${other}`, text: `${text}\n`, id, isFound: !no };
}
