import assert from "node:assert/strict";
import { test } from "node:test";
import { signatureAt } from "../../../dockerfile/assist/signature.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** The form at the `^`, its active parameter in «». */
function signature(marked: string): string | undefined {
  const help = signatureAt(parse(marked.replace("^", "")), marked.indexOf("^"));
  const form = help?.signatures[help.active];
  const parameter = form?.parameters[help?.activeParameter ?? -1];
  return form && parameter
    ? `${form.label.slice(0, parameter.start)}«${form.label.slice(parameter.start, parameter.end)}»${form.label.slice(parameter.end)}`
    : form?.label;
}

const cases: readonly (readonly [marked: string, expected: string | undefined])[] = [
  ["FROM a\nCOPY ^", "COPY [OPTIONS] «<src>...» <dest>"],
  ["FROM a\nCOPY --ch^own=1 a b", "COPY «[OPTIONS]» <src>... <dest>"],
  ["FROM a\nCOPY a ^b", "COPY [OPTIONS] <src>... «<dest>»"],
  ["FROM a\nCOPY a ^b c", "COPY [OPTIONS] «<src>...» <dest>"],
  ['FROM a\nCOPY ["a^", "b"]', 'COPY [OPTIONS] «["<src>",» ... "<dest>"]'],
  ["FROM a\nARG A=^1", "ARG «<name>[=<default value>]» [<name>[=<default value>]...]"],
  ["FROM a\nRUN <<E^\nE\n", "RUN [OPTIONS] «<<EOF»"],
  ["FROM a\nRUN <<E\n^\nE\n", undefined],
  ["FROM a\nONBUILD USER ^b", "USER «<user>[:<group>]»"],
  ["FRO^M a\n", undefined],
  ["FOO ^a\n", undefined],
];

for (const [marked, expected] of cases)
  test(`signature: ${JSON.stringify(marked)}`, () => assert.equal(signature(marked), expected));

test("at any offset of any file the active form and parameter exist", () => {
  for (const [index, { text }] of dockerfileFixtures.entries()) {
    const file = parse(text);
    for (let offset = index % 5; offset <= text.length; offset += 5) {
      const help = signatureAt(file, offset);
      assert.ok(!help || help.signatures[help.active]?.parameters[help.activeParameter]);
    }
  }
});
