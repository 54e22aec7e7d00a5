import assert from "node:assert/strict";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { mark, unmark } from "../../support/dockerfile/unmark.ts";

/** Checks that the problems of the fixture are exactly its marks. */
export function checkProblems(fixture: string): void {
  const { text, marks } = unmark(fixture);
  assert.equal(withProblems(text), mark(text, marks));
}

/** A text with its problems marked below their lines. */
export function withProblems(text: string): string {
  const problems = parse(text).problems.map(({ kind, span, message, suggestion }) => ({
    ...span,
    label: `${kind}: ${message}${suggestion === undefined ? "" : ` [${suggestion}]`}`,
  }));
  return mark(text, problems);
}
