import assert from "node:assert/strict";
import { test } from "node:test";
import { locate } from "../../../dockerfile/assist/locate.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";

/** The kind and the text of the element at the `|` of a text. */
function at(marked: string): string | undefined {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = locate(parse(text), offset);
  return found && `${found.kind} ${text.slice(found.span.start, found.span.end)}`;
}

const cases: readonly (readonly [string, string | undefined])[] = [
  ["# syn|tax=docker/dockerfile:1\nFROM a\n", "directive syntax"],
  ["# syntax=docker/dock|erfile:1\nFROM a\n", "directive docker/dockerfile:1"],
  ["FROM a\n# not|e\n", "comment # note"],
  ["FR|OM a\n", "keyword FROM"],
  ["FROM debian|:12 AS b\n", "base debian:12"],
  ["FROM debian:12 AS bu|ild\n", "stageName build"],
  ["FROM a\nCOPY --fr|om=b x /\n", "flag --from"],
  ["FROM a\nCOPY --from=|b x /\n", "source b"],
  ["FROM a\nCOPY --chown=1|:2 x /\n", "flagValue 1:2"],
  ["FROM a\nRUN --mount=type=cache,tar|get=/x true\n", "mountKey target"],
  ["FROM a\nRUN --mount=type=cache,target=/|x true\n", "mountValue /x"],
  ["FROM a\nRUN --mount=from=b|,target=/x true\n", "source b"],
  ["FROM a\nARG VER|SION=1\n", "definition VERSION"],
  ["FROM a\nENV A=1 B=${VER|SION:-2}\n", "variable VERSION"],
  ["FROM a\nRUN echo \\\n  $VER|SION\n", "variable VERSION"],
  ["FROM a\nRUN <<EO|F\necho\nEOF\n", "heredoc <<EOF"],
  ["FROM a\nRUN <<EOF\nec|ho $A\nEOF\n", "heredoc echo $A\n"],
  ["FROM a\nRUN <<EOF\necho $|A\nEOF\n", "variable A"],
  ["FROM a\nRUN <<'EOF'\necho $|A\nEOF\n", "heredoc echo $A\n"],
  ["FROM a\nONBUILD COPY sr|c /d\n", "argument src"],
  ["FROM a\nONBUILD CO|PY src /d\n", "keyword COPY"],
  ["FROM a\n|\nCMD x\n", undefined],
];

for (const [marked, expected] of cases)
  test(`${JSON.stringify(marked)} locates ${String(expected)}`, () => assert.equal(at(marked), expected));
