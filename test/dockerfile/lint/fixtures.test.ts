import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { lint } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

// The rules' findings in real files by default. Review a change of it line by line: UPDATE_FINDINGS=1 node --test
// test/dockerfile/lint/fixtures.test.ts rewrites it.
const goldenPath = join(import.meta.dirname, "../../fixtures/findings.txt");

test("the fixtures cover the kinds of files that people have", () => assert.ok(dockerfileFixtures.length >= 220));

for (const { name, text } of dockerfileFixtures) {
  test(`${name} has no error`, () => {
    assert.deepEqual(parse(text).problems, []);
    assert.deepEqual(
      lint(text)
        .filter(({ severity }) => severity === "error")
        .map(({ message }) => message),
      [],
    );
  });
}

test("the findings in fixtures are the reviewed ones", () => {
  const found = dockerfileFixtures.map(({ name, text }) => findingsOf(name, text)).join("\n");
  if (process.env["UPDATE_FINDINGS"]) writeFileSync(goldenPath, found);
  assert.equal(found, readFileSync(goldenPath, "utf8"));
});

/** `line: severity rule "the words": message`. */
function findingsOf(name: string, text: string): string {
  const lines = lint(text).map(({ span, severity, rule, message }) => {
    const line = text.slice(0, span.start).split("\n").length;
    return `  ${line}: ${severity} ${rule.id} ${JSON.stringify(text.slice(span.start, span.end))}: ${message}\n`;
  });
  return `${name}\n${lines.join("") || "  –\n"}`;
}
