import assert from "node:assert/strict";
import { test } from "node:test";
import { outlineOf, type OutlineItem } from "../../../dockerfile/navigation/outline.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

function lines(items: readonly OutlineItem[], indent = ""): readonly string[] {
  return items.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name} (${detail})`,
    ...lines(children, `${indent}  `),
  ]);
}

const outlineLines = (text: string) => lines(outlineOf(parse(text)));

test("the outline has the instructions before the first FROM, and the stages with theirs", () => {
  const text = `ARG VERSION=12
FROM debian:\${VERSION} AS build
ENV A=1 B=2
RUN --mount=type=cache,target=/x make \\
    all

FROM scratch
COPY --from=build /a /
CMD ["/a"]
`;
  assert.deepEqual(outlineLines(text), [
    "arg ARG (VERSION=12)",
    "stage build (debian:${VERSION})",
    "  env ENV (A B)",
    "  instruction RUN (make all)",
    "stage scratch ()",
    "  instruction COPY (/a /)",
    '  instruction CMD (["/a"])',
  ]);
});

test("an incomplete FROM and an empty file have an outline", () => {
  assert.deepEqual(outlineLines("FROM\nRUN"), ["stage stage 0 ()", "  instruction RUN ()"]);
  assert.deepEqual(outlineLines(""), []);
});

test("in any file, every entry has a name, and its selection is within it and its parent", () => {
  const check = (items: readonly OutlineItem[], within: { readonly start: number; readonly end: number }) => {
    for (const { name, span, nameSpan, children } of items) {
      assert.notEqual(name, "");
      assert.ok(within.start <= span.start && span.end <= within.end);
      assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end);
      check(children, span);
    }
  };
  for (const { text } of dockerfileFixtures) check(outlineOf(parse(text)), { start: 0, end: text.length });
});
