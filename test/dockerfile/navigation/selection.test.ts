import assert from "node:assert/strict";
import { test } from "node:test";
import { selectionAt } from "../../../dockerfile/navigation/selection.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** The texts selected step by step at the `|`. */
function selections(marked: string): readonly string[] {
  const text = marked.replace("|", "");
  return selectionAt(buildOf(text), marked.indexOf("|")).map(({ start, end }) => text.slice(start, end));
}

test("a selection grows from a word of the shell to its command, the instruction, the stage and the file", () => {
  const text = "ARG A\nFROM a\n# c\nRUN x && cp fi|le /b\n";
  const instruction = "RUN x && cp file /b";
  assert.deepEqual(selections(text), [
    "file",
    "cp file /b",
    "x && cp file /b",
    instruction,
    `# c\n${instruction}`,
    `FROM a\n# c\n${instruction}`,
    text.replace("|", ""),
  ]);
});

test("variables, options of mounts, pairs and lines of heredocs", () => {
  assert.deepEqual(selections("FROM a\nENV A=x$|B C=d\n").slice(0, 3), ["B", "x$B", "A=x$B"]);
  assert.deepEqual(selections("FROM a\nRUN --mount=type=bind,sou|rce=a b\n").slice(0, 4), [
    "source",
    "source=a",
    "type=bind,source=a",
    "--mount=type=bind,source=a",
  ]);
  assert.deepEqual(selections("FROM a\nCOPY <<E /\n x\n y|z\nE\n").slice(0, 3), [
    "yz",
    " x\n yz\n",
    "COPY <<E /\n x\n yz\nE",
  ]);
  assert.deepEqual(selections("|"), []);
});

test("at any offset of any file each selection contains the one before", () => {
  for (const [index, { text }] of dockerfileFixtures.entries()) {
    const build = buildOf(text);
    for (let offset = index % 13; offset <= text.length; offset += 13) {
      let inner = { start: offset, end: offset };
      for (const span of selectionAt(build, offset)) {
        assert.ok(span.start <= inner.start && inner.end <= span.end, `${text.slice(0, offset)}|`);
        assert.ok(span.end - span.start > inner.end - inner.start);
        inner = span;
      }
    }
  }
});
