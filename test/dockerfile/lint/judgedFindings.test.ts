import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { lint } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

interface Judged {
  readonly fixture: string;
  /** As `line: rule`. */
  readonly finding: string;
  readonly verdict: string;
  readonly why: string;
}

const judged = readFileSync(join(import.meta.dirname, "../../fixtures/judgedFindings.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| Fixture "))
  .map((line): Judged => {
    const [, fixture = "", finding = "", verdict = "", why = ""] = line.split("|").map((cell) => cell.trim());
    return { fixture, finding, verdict, why };
  });

test("each judged finding still exists in its fixture", () => {
  const found = new Map(dockerfileFixtures.map(({ name, text }) => [name, new Set(findingsIn(text))]));
  for (const { fixture, finding } of judged)
    assert.ok(found.get(`${fixture}.Dockerfile`)?.has(finding), `${fixture} ${finding}`);
});

test("fewer than one in ten of the judged findings is noise or false", () => {
  assert.ok(judged.length >= 150);
  for (const { verdict, why } of judged) assert.ok(["useful", "noise", "false"].includes(verdict) && why !== "");
  const bad = judged.filter(({ verdict }) => verdict !== "useful").length;
  assert.ok(bad / judged.length < 0.1, `${bad} of ${judged.length}`);
});

function findingsIn(text: string): readonly string[] {
  return lint(text).map(({ span, rule }) => `${text.slice(0, span.start).split("\n").length}: ${rule.id}`);
}
