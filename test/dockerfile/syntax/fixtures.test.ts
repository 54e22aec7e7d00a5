import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { scopesOf } from "../../../dockerfile/syntax/expand/variables.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { neededStages, stageUses } from "../../../dockerfile/syntax/stages.ts";
import type { Dockerfile, Instruction, Span } from "../../../dockerfile/syntax/syntax.ts";
import { withProblems } from "./checkProblems.ts";

const folder = join(import.meta.dirname, "../../fixtures/dockerfiles");
const fixtures = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

describe("parsing real files", () => {
  for (const { name, text } of fixtures) {
    test(`${name} has no problem`, () => assert.equal(withProblems(text), text));
    test(`every prefix of ${name} parses`, () => {
      for (let end = 0; end < text.length; end++) checkInvariants(text.slice(0, end));
    });
  }
});

describe("any text", () => {
  const alphabet = fc.constantFrom(
    ..."AaFROMRUN #=\\`\"'${}[]<>-,:/\t\r\n\0\u00a0\u2028é😀".split(""),
    "FROM a\n",
    "RUN <<EOF\n",
    "EOF\n",
    "\\\n",
    "COPY --from=",
    "ONBUILD ",
    "ENV A=$A",
    "--mount=type=",
    "# escape=`\n",
    "\uFEFF",
  );
  test("random characters parse", () => {
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), (parts) => checkInvariants(parts.join(""))),
      { numRuns: 2000 },
    );
  });
  test("random binary data parses", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), checkInvariants), { numRuns: 1000 });
  });
  test("files with a part deleted, inserted or doubled parse", () => {
    const mutation = fc.record({
      fixture: fc.constantFrom(...fixtures),
      at: fc.nat(),
      length: fc.nat(40),
      inserted: fc.array(alphabet, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(mutation, ({ fixture: { text }, at, length, inserted }) => {
        const start = at % (text.length + 1);
        checkInvariants(text.slice(0, start) + inserted.join("") + text.slice(start + length));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("large input", () => {
  const size = 200_000;
  const texts: readonly (readonly [string, string])[] = [
    ["one line", `FROM a\nRUN ${"x ".repeat(size)}`],
    ["nested variables", `FROM a\nENV A=${"${a:-".repeat(size)}${"}".repeat(size)}`],
    ["nested JSON", `FROM a\nCMD ${"[".repeat(size)}`],
    ["chained ONBUILD", `FROM a\n${"ONBUILD ".repeat(size)}`],
    ["comments between continued lines", `FROM a\nRUN a \\\n${"# c\n\n".repeat(size)}b`],
    [
      "stages that each need the next",
      Array.from({ length: 4_000 }, (_, index) => `FROM a AS s${index}\nCOPY --from=s${index + 1} a b\n`).join(""),
    ],
    ["values that double", `FROM a\nENV A=xx\n${"ENV A=$A$A\n".repeat(200)}RUN --mount=id=$A,target=/x true\n`],
    ["a hostile pattern", `ARG A=${"a".repeat(5_000)}\nFROM \${A/${"*a".repeat(2_000)}b/c}\n`],
  ];
  for (const [name, text] of texts) test(name, () => checkInvariants(text));
});

/** Checks the invariants of every text. */
function checkInvariants(text: string): void {
  const file = parse(text);
  assert.equal(file.tokens.map(({ span }) => text.slice(span.start, span.end)).join(""), text);
  checkOrder(
    file.tokens.map(({ span }) => span),
    text,
  );
  checkOrder(
    file.instructions.map(({ span }) => span),
    text,
  );
  checkOrder(
    file.comments.map(({ span }) => span),
    text,
  );
  for (const { span } of file.problems) assert.ok(isInside(span, text), `problem at ${span.start}–${span.end}`);
  for (const instruction of file.instructions) checkInstruction(instruction, text);
  stageUses(file);
  neededStages(file);
  checkScopes(file);
}

function checkInstruction(instruction: Instruction, text: string): void {
  const { keyword, headSpan, span, flags, trigger, heredocs, restSpan } = instruction;
  assert.equal(text[keyword.span.start], keyword.written[0]);
  assert.ok(headSpan.end <= span.end && isInside(span, text));
  const words = [
    ...instruction.arguments,
    ...flags.flatMap((flag) => [flag.value ?? [], ...flag.options.flatMap(({ value }) => value ?? [])].flat()),
  ];
  for (const word of words) {
    assert.equal(word.logical.text, word.value);
    assert.ok(
      word.span.start >= span.start && word.span.end <= headSpan.end,
      `word ${word.value} at ${word.span.start}–${word.span.end}`,
    );
  }
  for (const { body, end } of heredocs) assert.ok(isInside(body, text) && body.end <= (end?.start ?? text.length));
  assert.ok(restSpan.start >= keyword.span.end && restSpan.end <= headSpan.end);
  if (trigger) checkInstruction(trigger, text);
}

function checkScopes(file: Dockerfile): void {
  const scopes = scopesOf(file);
  for (const instruction of file.instructions.slice(0, 50)) {
    scopes.variables(instruction);
    scopes.lookup(instruction)("PATH");
  }
}

function checkOrder(spans: readonly Span[], text: string): void {
  let end = 0;
  for (const span of spans) {
    assert.ok(span.start >= end && isInside(span, text), `${span.start}–${span.end} behind ${end}`);
    ({ end } = span);
  }
}

function isInside({ start, end }: Span, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}
