import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ignoreRules } from "../../../../dockerfile/lint/ignore/rules/index.ts";
import { parseIgnoreFile } from "../../../../dockerfile/patterns/ignoreFile.ts";
import { checkIgnore, fixedIgnore, lintIgnore } from "../../../support/dockerfile/checkIgnore.ts";
import { unmark } from "../../../support/dockerfile/unmark.ts";

for (const rule of ignoreRules) {
  describe(rule.meta.id, () => {
    for (const [index, { bad, good, facts }] of rule.meta.examples.entries()) {
      const options = { rules: [rule], facts };
      const { text } = unmark(bad);
      test(`example ${index + 1}: the bad example has exactly its marks`, () => checkIgnore(bad, options));
      test(`example ${index + 1}: the good example has no findings`, () => checkIgnore(good, options));
      if (rule.meta.fixSafety === "none") continue;
      test(`example ${index + 1}: the fix turns the bad example into the good one`, () =>
        assert.equal(fixedIgnore(text, options), good));
      test(`example ${index + 1}: the fix causes no new problem`, () =>
        assert.ok(parseIgnoreFile(good).problems.length <= parseIgnoreFile(text).problems.length));
    }
  });
}

test("no ignore rule throws on any prefix of any example", () => {
  for (const { bad, facts } of ignoreRules.flatMap(({ meta }) => meta.examples)) {
    const { text } = unmark(bad);
    for (let end = 0; end <= text.length; end++)
      lintIgnore(text.slice(0, end), { facts }).forEach((report) => report.fix?.());
  }
});
