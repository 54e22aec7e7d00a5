import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import type { LintRule, Report, RuleExample } from "../../../dockerfile/lint/rule.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { checkDiagnostics, configured, fixed, lint, only, type CheckOptions } from "../../support/dockerfile/check.ts";
import { unmark } from "../../support/dockerfile/unmark.ts";

for (const rule of rules) {
  describe(rule.meta.id, () => {
    rule.meta.examples.forEach((example, index) => checkExample(rule, example, `example ${index + 1}`));
  });
}

test("no rule throws on any prefix of any example", () => {
  for (const text of new Set(
    rules.flatMap(({ meta }) => meta.examples.flatMap(({ bad, good }) => [unmark(bad).text, good])),
  )) {
    for (let end = 0; end <= text.length; end++) lint(text.slice(0, end)).forEach((report) => report.fix?.());
  }
});

test("every finding is within one line", () => {
  for (const { meta } of rules) {
    for (const { bad, facts, config } of meta.examples) {
      const { text } = unmark(bad);
      for (const { rule, span } of lint(text, { facts, ...configured(config) }))
        assert.ok(!text.slice(span.start, span.end).includes("\n"), `${rule.id}: ${JSON.stringify(text)}`);
    }
  }
});

function checkExample(rule: LintRule, { bad, good, facts, config }: RuleExample, name: string): void {
  const options = { ...only(rule), ...configured(config), facts };
  test(`${name}: the bad example has exactly its marks`, () => checkDiagnostics(bad, options));
  test(`${name}: the good example has no findings`, () => checkDiagnostics(good, options));
  if (rule.meta.fixSafety === "none") return;
  const { text } = unmark(bad);
  if (!lint(text, options).some((report) => report.fix)) return;
  test(`${name}: the fix turns the bad example into the good one`, () => assert.equal(fixed(text, options), good));
  test(`${name}: each fix alone removes its finding and changes nothing else`, () => {
    for (const report of lint(text, options)) checkAlone(text, report, options);
  });
}

/**
 * Checks that the finding is gone, without a new syntax problem, and that instructions outside of the changes are
 * unchanged.
 */
function checkAlone(text: string, { fix, message }: Report, options: CheckOptions): void {
  if (!fix) return;
  const { changes } = fix();
  const after = applyChanges(text, changes);
  const count = (source: string): number => lint(source, options).filter((report) => report.message === message).length;
  assert.equal(count(after), count(text) - 1, after);
  assert.ok(parse(after).problems.length <= parse(text).problems.length, after);
  const remaining = parse(after).instructions.map(({ span }) => after.slice(span.start, span.end));
  for (const { span } of parse(text).instructions) {
    const isTouched = changes.some((change) => change.span.start <= span.end && span.start <= change.span.end);
    const written = text.slice(span.start, span.end);
    assert.ok(isTouched || remaining.includes(written), `${written} is gone or changed in ${after}`);
  }
}
