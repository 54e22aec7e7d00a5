import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { ignoreAtInstruction, ignoreInFile } from "../../../dockerfile/lint/fixes/ignoreComment.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { lint } from "../../support/dockerfile/check.ts";
import { unmark } from "../../support/dockerfile/unmark.ts";

const everyRule = { severities: Object.fromEntries(rules.map(({ meta }) => [meta.id, "warning" as const])) };
const lines = rules
  .flatMap(({ meta }) => meta.examples.flatMap(({ bad, good }) => [unmark(bad).text, good]))
  .flatMap((text) => text.split(/(?<=\n)/));
const pieces = fc.oneof(
  fc.constantFrom(...new Set(lines)),
  fc.constantFrom(
    "\n",
    "\r\n",
    "\\\n",
    "#",
    "<<EOF\n",
    "EOF\n",
    '"',
    "'",
    "`",
    "$",
    "${",
    "[",
    "&& ",
    "| ",
    "; ",
    "( ",
    "\uFEFF",
    "\0",
    "é",
    "😀",
  ),
);
const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));

test("no rule and no fix throws on texts of real lines and stray characters", () => {
  fc.assert(
    fc.property(texts, (text) => void lint(text, everyRule).forEach((report) => report.fix?.())),
    { numRuns: 200, seed: 20 },
  );
});

test("applying safe fixes terminates without a syntax problem", () => {
  fc.assert(
    fc.property(texts, (text) => {
      let current = text;
      for (let round = 0; round < 10; round++) {
        const changes = safeFixes(lint(current, everyRule));
        if (changes.length === 0) return;
        const next = applyChanges(current, changes);
        assert.ok(
          parse(next).problems.length <= parse(current).problems.length,
          `${JSON.stringify(current)} became ${JSON.stringify(next)}`,
        );
        current = next;
      }
      assert.fail(`no end of fixing ${JSON.stringify(text)}`);
    }),
    { numRuns: 200, seed: 21 },
  );
});

test("an ignore fix removes its finding, and nothing else changes", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const file = parse(text);
      const [report] = lint(text, everyRule);
      if (!report) return;
      for (const changes of [ignoreAtInstruction(file, report), ignoreInFile(file, report)]) {
        if (changes.length === 0) continue;
        const after = applyChanges(text, changes);
        assert.equal(parse(after).instructions.length, file.instructions.length, after);
        assert.ok(
          lint(after, everyRule).filter(({ rule }) => rule.id === report.rule.id).length <
            lint(text, everyRule).filter(({ rule }) => rule.id === report.rule.id).length,
          after,
        );
      }
    }),
    { numRuns: 200, seed: 22 },
  );
});
