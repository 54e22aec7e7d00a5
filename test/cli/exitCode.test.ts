import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeOf } from "../../cli/src/commands/lint.ts";
import { exitCodes } from "../../cli/src/command.ts";
import type { Report } from "../../dockerfile/lint/rule.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";

const [anyRule] = rules;
assert.ok(anyRule);
const finding: Report = { rule: anyRule.meta, span: { start: 0, end: 1 }, message: "x", severity: "error" };
const fileWith = (reports: readonly Report[], failOn: "error" | "never" = "error") => ({
  input: { path: "Dockerfile", text: "FROM scratch\n" },
  reports,
  failOn,
});

test("lint exits with 2 if a rule failed, whatever --fail-on says", () => {
  const failure: Report = { ...finding, isFailure: true };
  assert.equal(exitCodeOf([fileWith([failure], "never")], 0), exitCodes.failed);
  assert.equal(exitCodeOf([fileWith([]), fileWith([finding, failure])], 0), exitCodes.failed);
  assert.equal(exitCodeOf([fileWith([finding])], 0), exitCodes.found);
  assert.equal(exitCodeOf([fileWith([])], 0), exitCodes.clean);
});
