import assert from "node:assert/strict";
import { test } from "node:test";
import { defineRule, type LintRule } from "../../../dockerfile/lint/rule.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

const input = buildOf("FROM scratch\nUSER a\nUSER b\n");

function ruleFor(
  id: string,
  severity: LintRule["meta"]["severity"] = "warning",
  aliases: readonly string[] = [],
): LintRule {
  return defineRule({
    id,
    group: "style",
    severity,
    aliases,
    summary: "",
    why: "",
    sources: [],
    examples: [{ bad: "", good: "" }],
    *check({ build }) {
      for (const { keyword } of build.file.instructions.toReversed())
        if (keyword.value === "USER") yield { span: keyword.span, data: id };
    },
    message: (data) => data,
  });
}

const broken: LintRule = {
  meta: ruleFor("broken").meta,
  reports() {
    throw new Error("no");
  },
};

test("reports are in the file's order", () => {
  const found = runRules(input, { rules: [ruleFor("b"), ruleFor("a")] });
  assert.deepEqual(
    found.map(({ span, message }) => [span.start, message]),
    [
      [13, "a"],
      [13, "b"],
      [20, "a"],
      [20, "b"],
    ],
  );
});

test("a rule that throws becomes one error with its name, and the other rules continue", () => {
  const crashes: string[] = [];
  const found = runRules(input, {
    rules: [broken, ruleFor("a")],
    onCrash: (id, error) => crashes.push(`${id}: ${String(error)}`),
  });
  const [failure, ...others] = found;
  assert.match(failure?.message ?? "", /^Rule broken failed .*\(Error: no\).*report it/);
  assert.deepEqual(
    { ...failure, message: "" },
    {
      rule: broken.meta,
      span: { start: 0, end: 12 },
      message: "",
      severity: "error",
      isFailure: true,
    },
  );
  assert.equal(others.length, 2);
  assert.deepEqual(crashes, ["broken: Error: no"]);
});

test("a failed rule can't be silenced except by the setting off", () => {
  const text = "# imagewright file ignore=all\nFROM debian:12\n";
  const found = runRules(buildOf(text), { rules: [broken], severities: { broken: "hint" } });
  assert.deepEqual(
    found.map(({ severity, isFailure }) => [severity, isFailure]),
    [["error", true]],
  );
  assert.deepEqual(runRules(buildOf(text), { rules: [broken], severities: { broken: "off" } }), []);
});

test("severities are set by id or alias in any case", () => {
  const severityWith = (severities: Record<string, "error" | "off">): unknown =>
    runRules(input, { rules: [ruleFor("a-b", "info", ["DL1"])], severities })[0]?.severity;
  assert.equal(severityWith({}), "info");
  assert.equal(severityWith({ "a-b": "error" }), "error");
  assert.equal(severityWith({ dl1: "error" }), "error");
  assert.equal(severityWith({ DL1: "off" }), undefined);
  assert.equal(severityWith({ DL1: "off", "A-B": "error" }), "error");
});

test("a rule that is off isn't run unless enabled", () => {
  const off = ruleFor("a", "off");
  assert.deepEqual(runRules(input, { rules: [off] }), []);
  assert.equal(runRules(input, { rules: [off], severities: { a: "hint" } }).length, 2);
});

test("BuildKit's directive enables its experimental checks", () => {
  const off = ruleFor("a", "off", ["SomeCheck"]);
  const withDirective = (value: string): number =>
    runRules(buildOf(`# check=experimental=${value}\nFROM scratch\nUSER a\n`), {
      rules: [off, ruleFor("b", "off", ["DL1"])],
    }).length;
  assert.equal(withDirective("SomeCheck"), 1);
  assert.equal(withDirective("all"), 1);
  assert.equal(withDirective("Other"), 0);
});
