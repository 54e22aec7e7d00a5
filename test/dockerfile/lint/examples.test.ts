import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LintRule, RuleExample } from "../../../dockerfile/lint/rule.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { checkDiagnostics, fixed, lint, only } from "../../support/check.ts";
import { unmark } from "../../support/unmark.ts";

for (const rule of rules) {
  describe(rule.meta.id, () => {
    rule.meta.examples.forEach((example, index) => checkExample(rule, example, `example ${index + 1}`));
  });
}

test("nothing throws on any prefix of any example", () => {
  for (const text of new Set(rules.flatMap(({ meta }) => meta.examples.flatMap(({ bad, good }) => [unmark(bad).text, good])))) {
    for (let end = 0; end <= text.length; end++) lint(text.slice(0, end)).forEach((report) => report.fix?.());
  }
});

test("every finding lies within one line", () => {
  for (const { meta } of rules) {
    for (const { bad, facts } of meta.examples) {
      const { text } = unmark(bad);
      for (const { rule, span } of lint(text, { facts })) assert.ok(!text.slice(span.start, span.end).includes("\n"), `${rule.id}: ${JSON.stringify(text)}`);
    }
  }
});

function checkExample(rule: LintRule, { bad, good, facts }: RuleExample, name: string): void {
  const options = { ...only(rule), facts };
  test(`${name}: bad has its marks`, () => checkDiagnostics(bad, options));
  test(`${name}: good has no findings`, () => checkDiagnostics(good, options));
  if (rule.meta.fixSafety === "none") return;
  const { text } = unmark(bad);
  if (!lint(text, options).some((report) => report.fix)) return;
  test(`${name}: the fix makes bad good`, () => assert.equal(fixed(text, options), good));
  test(`${name}: the fix makes no new syntax problem`, () => assert.ok(parse(good).problems.length <= parse(text).problems.length));
}
