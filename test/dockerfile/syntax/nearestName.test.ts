import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createSuggester, nearestName } from "../../../dockerfile/syntax/nearestName.ts";
import undefinedVariable from "../../../dockerfile/lint/rules/undefined-variable.ts";
import undefinedArg from "../../../dockerfile/lint/rules/undefined-arg-in-from.ts";
import { lint, only } from "../../support/dockerfile/check.ts";

test("the nearest name has the fewest typing errors, at most two", () => {
  assert.equal(nearestName("VERSOIN", ["VERSIONS", "VERSION"]), "VERSION");
  assert.equal(nearestName("version", ["VERSION"]), "VERSION");
  assert.equal(nearestName("VERSION_A", ["VERSION_BCD"]), undefined);
  assert.equal(nearestName("ABC", ["XYC", "XBC"]), "XBC");
  assert.equal(nearestName("A", ["B"]), undefined);
});

/** The restricted Damerau-Levenshtein distance, by its definition. */
function distance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const last = a.at(-1) === b.at(-1) ? 0 : 1;
  const steps = [
    distance(a.slice(0, -1), b) + 1,
    distance(a, b.slice(0, -1)) + 1,
    distance(a.slice(0, -1), b.slice(0, -1)) + last,
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    steps.push(distance(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...steps);
}

test("the nearest name is the same as by the definition of the distance", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 5 }), (written, names) => {
      const limit = written.length < 6 ? 1 : 2;
      const near = names.map((name) => distance(written, name)).filter((it) => it <= limit && it < written.length);
      const found = nearestName(written, names);
      assert.equal(found === undefined ? Infinity : distance(written, found), Math.min(Infinity, ...near));
    }),
    { numRuns: 300, seed: 7 },
  );
});

test("a suggester gives up after many comparisons", () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `NAME_${index}`);
  const suggest = createSuggester();
  const found = Array.from({ length: 10 }, () => suggest("NMAE_7", () => names));
  assert.equal(found[0], "NAME_7");
  assert.equal(found.at(-1), undefined);
});

// No time is asserted: anything not linear doesn't end.
describe("thousands of unknown names among thousands of known ones", () => {
  const families: readonly (readonly [string, (index: number) => string])[] = [
    ["variables", (index) => `WORKDIR /$QQ${index}\nENV V${index}=x\n`],
    ["long variables", (index) => `WORKDIR /$UNKNOWN_NAME_${index}\nENV KNOWN_NAMES_${index}=x\n`],
    [
      "variables of many stages",
      (index) => `FROM scratch AS s${index}\nENV KNOWN_${index}=x\nWORKDIR /$KNWON_${index}_A\n`,
    ],
  ];
  for (const [name, lines] of families)
    test(`${name} take linear time`, () => {
      const text = (count: number): string =>
        `FROM debian:12\n${Array.from({ length: count }, (_, index) => lines(index)).join("")}`;
      lint(text(20_000), only(undefinedVariable));
    });
  test("names in FROM take linear time", () => {
    const args = Array.from({ length: 20_000 }, (_, index) => `ARG KNOWN_${index}=x\n`).join("");
    lint(
      args + Array.from({ length: 20_000 }, (_, index) => `FROM debian:$UNKNWON_${index}\n`).join(""),
      only(undefinedArg),
    );
  });
});
