import assert from "node:assert/strict";
import type { Tokeniser } from "./tokenise.ts";

/**
 * Checks scopes that are marked below the text: `^^^^ scope` says that all of it has the scope, `^^^^ !scope` that none
 * of it has. Scopes are given without the language suffix. A line of marks belongs to the line of text above it.
 */
export function checkScopes(tokeniser: Tokeniser, marked: string): void {
  const { text, marks } = read(marked);
  const tokens = tokeniser.tokenise(text);
  for (const { line, start, end, scope, isAbsent } of marks)
    for (const token of tokens.filter((each) => each.line === line && each.start < end && start < each.end))
      assert.equal(
        token.scopes.some((each) => each === scope || each.startsWith(`${scope}.`)),
        !isAbsent,
        `line ${String(line + 1)}, ${JSON.stringify(token.text)} ${isAbsent ? "has" : "lacks"} ${scope}: ${token.scopes.join(" ")}`,
      );
}

interface Mark {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly scope: string;
  readonly isAbsent: boolean;
}

function read(marked: string): { text: string; marks: readonly Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const line of marked.split("\n")) {
    const found = /^(?<blank>\s*)(?<carets>\^+) (?<not>!?)(?<scope>[\w.-]+)$/.exec(line)?.groups;
    if (!found) {
      lines.push(line);
      continue;
    }
    const start = found["blank"]?.length ?? 0;
    const end = start + (found["carets"]?.length ?? 0);
    marks.push({ line: lines.length - 1, start, end, scope: found["scope"] ?? "", isAbsent: found["not"] === "!" });
  }
  assert.ok(marks.length > 0, "something is marked");
  return { text: lines.join("\n"), marks };
}
