import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lexShell } from "../../../../dockerfile/syntax/expand/lexer.ts";
import type { LexedPiece } from "../../../../dockerfile/syntax/expand/pieces.ts";

const values: Readonly<Record<string, string>> = { A: "foo/bar.tar.gz", S: "a b", E: "", STAR: "a*b" };

// Text and result; "!" precedes the message of a failure. Agrees with BuildKit 0.34.2, whose lexer was run on these and
// on some 100,000 random texts.
const table: readonly (readonly [string, string])[] = [
  ["plain", "plain"],
  ["$A", "foo/bar.tar.gz"],
  ["x${A}y", "xfoo/bar.tar.gzy"],
  ["$N|${N}", "|"],
  ["$Ax", ""],
  ["$1 $12 ${1} $@ $$ $", "     $"],
  ["'$A' \"$A\" \\$A", "$A foo/bar.tar.gz $A"],
  ['"a\\"b\\c\\\\"', 'a"b\\c\\'],
  ["a\\ b\\", "a b"],
  ["${N:-d} ${N-d} ${E:-d} ${E-d}.", "d d d ."],
  ["${N:+d}|${N+d}|${E:+d}|${E+d}|${A:+d}", "|||d|d"],
  ["${A:?m} ${E?m}.", "foo/bar.tar.gz ."],
  ["${N:?no value}", "!no value"],
  ["${E:?}", "!E has no value"],
  ["${N:-${M:-deep}}", "deep"],
  ['${N:-"q $A"}', "q foo/bar.tar.gz"],
  ["${A#*/} ${A##*.} ${A%.*} ${A%%.*}", "bar.tar.gz gz foo/bar.tar foo/bar"],
  ["${A#x} ${A%/*} ${A#foo?}", "foo/bar.tar.gz foo bar.tar.gz"],
  ['${STAR#a\\*} ${STAR%"*"b}', "b a*"],
  ["${A/o/0} ${A//o/0} ${A//[a]/x}", "f0o/bar.tar.gz f00/bar.tar.gz foo/bar.tar.gz"],
  ["${A/\\//-} ${A/*./} ${A//?/x}", "foo-bar.tar.gz gz xxxxxxxxxxxxxx"],
  ["${A/x/$S}", "foo/bar.tar.gz"],
  ["${A^^}", '!"^" is not a modifier'],
  ["${A:0:1}", '!":0" is not a modifier'],
  ["${A:#x}", '!":#" is not a modifier'],
  ["${A", '!a "}" is missing'],
  ["${A:-x", '!a "}" is missing'],
  ["${}", "!a variable's name is missing"],
  ['"x', "!a double quote isn't closed"],
  ["'x", "!a single quote isn't closed"],
  ["${A#\\q}", "!the pattern has an invalid escape"],
];

describe("texts expand as in BuildKit", () => {
  for (const [text, expected] of table) {
    test(JSON.stringify(text), () => {
      const { result, failure } = lexShell(text, {
        escape: "\\",
        lookup: (name) => (name in values ? { value: values[name] ?? "" } : undefined),
      });
      if (expected.startsWith("!"))
        assert.ok(failure?.message.startsWith(expected.slice(1)), failure?.message ?? result);
      else assert.deepEqual([result, failure], [expected, undefined]);
    });
  }
});

describe("the pieces of a result", () => {
  const lex = (text: string) =>
    lexShell(text, {
      escape: "\\",
      lookup: (name) => (name in values ? { value: values[name] ?? "" } : undefined),
      keepsPieces: true,
    });

  for (const [text, expected] of table.filter(([, result]) => !result.startsWith("!"))) {
    test(JSON.stringify(text), () =>
      assert.deepEqual([resultOf(lex(text).pieces), placesOf(lex(text).pieces, text)], [expected, true]),
    );
  }
  test("in random texts, every character is where its piece says", () => {
    let state = 1;
    const random = (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
    const parts = [
      "a",
      " ",
      "\\",
      '"',
      "'",
      "$",
      "${",
      "}",
      "A",
      "E",
      "N",
      ":-",
      "+",
      "%",
      "#",
      "/",
      "<",
      "<<",
      "é",
      "@",
    ];
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + random(12) }, () => parts[random(parts.length)]).join("");
      const { result, failure, pieces } = lex(text);
      assert.ok(placesOf(pieces, text), text);
      if (!failure) assert.equal(resultOf(pieces), result, text);
    }
  });
  test("pieces are absent unless requested", () =>
    assert.deepEqual(lexShell("a$A", { escape: "\\", lookup: () => undefined }).pieces, []));
});

function resultOf(pieces: readonly LexedPiece[]): string {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.result)).join("");
}

function placesOf(pieces: readonly LexedPiece[], text: string): boolean {
  return pieces.every((piece) => {
    if (piece.kind === "text") return text.startsWith(piece.text, piece.start);
    const { reference, gave, result, operand } = piece;
    return (
      text[reference.start] === "$" &&
      placesOf(operand, text.slice(0, reference.end)) &&
      (gave !== "operand" || resultOf(operand) === result)
    );
  });
}

describe("unknown variables in a text", () => {
  const lex = (text: string) =>
    lexShell(text, { escape: "`", lookup: (name) => (name === "U" ? {} : name === "K" ? { value: "v" } : undefined) });

  test("a variable without known value makes the result unknown", () => assert.deepEqual(lex("a$U").unknown, ["U"]));
  test("a modifier keeps the result of an unknown variable unknown", () =>
    assert.deepEqual(lex("${U:-x}${U:+x}${U#x}${U/x/y}").unknown, ["U"]));
  test("an unknown variable in an unused word doesn't matter", () =>
    assert.deepEqual([lex("${K:-$U}").unknown, lex("${N:+$U}").unknown], [[], []]));
  test("an unknown variable in a used word matters", () =>
    assert.deepEqual([lex("${N:-$U}").unknown, lex("${K:+$U}").unknown], [["U"], ["U"]]));
  test("unset names are listed, also those in unused words", () =>
    assert.deepEqual(lex("$N ${K:-$M}").unset, ["N", "M"]));
  test("the escape character is the file's", () =>
    assert.deepEqual([lex("`$K").result, lex("\\$K").result], ["$K", "\\v"]));
  test("values that double become unknown", () => {
    const huge = "x".repeat(400_000);
    assert.deepEqual(lexShell("$A$A$A", { escape: "\\", lookup: () => ({ value: huge }) }).unknown, ["A"]);
  });
});
