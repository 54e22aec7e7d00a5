import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lexShell } from "../../../dockerfile/syntax/shellLexer.ts";

const values: Readonly<Record<string, string>> = { A: "foo/bar.tar.gz", S: "a b", E: "", STAR: "a*b" };

// Text and result; "!" before what is said of a failure. Agrees with BuildKit 0.34.2, whose lexer was run on these and on some 100,000 random texts.
const table: readonly (readonly [string, string])[] = [
  ["plain", "plain"],
  ["$A", "foo/bar.tar.gz"],
  ["x${A}y", "xfoo/bar.tar.gzy"],
  ["$N|${N}", "|"],
  ["$Ax", ""],
  ["$1 $12 ${1} $@ $$ $", "     $"],
  ["'$A' \"$A\" \\$A", "$A foo/bar.tar.gz $A"],
  ["\"a\\\"b\\c\\\\\"", "a\"b\\c\\"],
  ["a\\ b\\", "a b"],
  ["${N:-d} ${N-d} ${E:-d} ${E-d}.", "d d d ."],
  ["${N:+d}|${N+d}|${E:+d}|${E+d}|${A:+d}", "|||d|d"],
  ["${A:?m} ${E?m}.", "foo/bar.tar.gz ."],
  ["${N:?no value}", "!no value"],
  ["${E:?}", "!E has no value"],
  ["${N:-${M:-deep}}", "deep"],
  ["${N:-\"q $A\"}", "q foo/bar.tar.gz"],
  ["${A#*/} ${A##*.} ${A%.*} ${A%%.*}", "bar.tar.gz gz foo/bar.tar foo/bar"],
  ["${A#x} ${A%/*} ${A#foo?}", "foo/bar.tar.gz foo bar.tar.gz"],
  ["${STAR#a\\*} ${STAR%\"*\"b}", "b a*"],
  ["${A/o/0} ${A//o/0} ${A//[a]/x}", "f0o/bar.tar.gz f00/bar.tar.gz foo/bar.tar.gz"],
  ["${A/\\//-} ${A/*./} ${A//?/x}", "foo-bar.tar.gz gz xxxxxxxxxxxxxx"],
  ["${A/x/$S}", "foo/bar.tar.gz"],
  ["${A^^}", "!\"^\" is no modifier"],
  ["${A:0:1}", "!\":0\" is no modifier"],
  ["${A:#x}", "!\":#\" is no modifier"],
  ["${A", "!a \"}\" is missing"],
  ["${A:-x", "!a \"}\" is missing"],
  ["${}", "!a variable's name is missing"],
  ["\"x", "!a double quote is not closed"],
  ["'x", "!a single quote is not closed"],
  ["${A#\\q}", "!the pattern has an escape"],
];

describe("expansion", () => {
  for (const [text, expected] of table) {
    test(JSON.stringify(text), () => {
      const { result, failure } = lexShell(text, { escape: "\\", lookup: (name) => (name in values ? { value: values[name] ?? "" } : undefined) });
      if (expected.startsWith("!")) assert.ok(failure?.message.startsWith(expected.slice(1)), failure?.message ?? result);
      else assert.deepEqual([result, failure], [expected, undefined]);
    });
  }
});

describe("what is not known", () => {
  const lex = (text: string) => lexShell(text, { escape: "`", lookup: (name) => (name === "U" ? {} : name === "K" ? { value: "v" } : undefined) });

  test("a variable without known value makes the result unknown", () => assert.deepEqual(lex("a$U").unknown, ["U"]));
  test("so it does behind every modifier", () => assert.deepEqual(lex("${U:-x}${U:+x}${U#x}${U/x/y}").unknown, ["U"]));
  test("a word that is not used does not matter", () => assert.deepEqual([lex("${K:-$U}").unknown, lex("${N:+$U}").unknown], [[], []]));
  test("a word that is used does", () => assert.deepEqual([lex("${N:-$U}").unknown, lex("${K:+$U}").unknown], [["U"], ["U"]]));
  test("names that are not set are listed, also those in unused words", () => assert.deepEqual(lex("$N ${K:-$M}").unset, ["N", "M"]));
  test("the escape character is the file's", () => assert.deepEqual([lex("`$K").result, lex("\\$K").result], ["$K", "\\v"]));
  test("values that double end as unknown", () => {
    const huge = "x".repeat(400_000);
    assert.deepEqual(lexShell("$A$A$A", { escape: "\\", lookup: () => ({ value: huge }) }).unknown, ["A"]);
  });
});
