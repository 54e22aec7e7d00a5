import { suite, test } from "node:test";
import { checkScopes } from "../support/grammar/checkScopes.ts";
import { openTokeniser } from "../support/grammar/tokenise.ts";

const tokeniser = await openTokeniser("source.dockerfile");
const length = 10_000;

/** Starts of lines and the part repeated in them. A pattern that tries every way to read one would not terminate. */
const lines: readonly (readonly [beginning: string, repeated: string])[] = [
  ["RUN ", "a"],
  ["RUN ", "--mount=type=cache "],
  ["ENV A=", "${"],
  ["ENV A=", '"a" '],
  ["COPY ", '"a'],
  ["COPY ", "<"],
  ["FROM ", "a."],
  ["FROM ", "a/"],
  ["CMD [", '"a",'],
  ['CMD ["', String.raw`a\\`],
  ["# shellcheck ", "a=b "],
  ["# shellcheck ", "a="],
  ["# hadolint ignore=", "DL1,"],
  ["LABEL ", "a=b "],
  ["", " "],
  ["", "FOO "],
];

suite("a line of 10,000 characters leaves no scope open", () => {
  for (const [beginning, repeated] of lines)
    test(`the line ${beginning}${repeated}… ends`, () => {
      const line = beginning + repeated.repeat(Math.ceil(length / repeated.length));
      checkScopes(tokeniser, `${line}\nFROM a\n^^^^ keyword.other.special-method`);
    });
});
