import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Instruction, Word } from "../../../dockerfile/syntax/syntax.ts";

describe("positions of values in the file", () => {
  test("a word's characters after a continuation are located", () => {
    const text = "FROM a\nENV A=b\\\n  # c\nd\n";
    const value = instruction(text, 1).pairs[0]?.value;
    assert.deepEqual(placesOf(text, value), [
      ["b", "b"],
      ["d", "d"],
    ]);
    assert.equal(value && text.slice(value.span.start, value.span.end), "b\\\n  # c\nd");
  });

  test("a decoded character of a JSON string is located at its escape", () => {
    const text = 'FROM a\nCMD ["x\\u0041\\n"]\n';
    const [word] = instruction(text, 1).arguments;
    assert.deepEqual(placesOf(text, word), [
      ["x", "x"],
      ["A", "\\"],
      ["\n", "\\"],
    ]);
  });

  test("a flag's value is located inside its quotes", () => {
    const text = "FROM a\nCOPY --from='b'c s d\n";
    const flag = instruction(text, 1).flags[0];
    assert.deepEqual(placesOf(text, flag?.value), [
      ["b", "b"],
      ["c", "c"],
    ]);
    assert.equal(flag && text.slice(flag.span.start, flag.span.end), "--from='b'c");
    assert.equal(flag && text.slice(flag.nameSpan.start, flag.nameSpan.end), "from");
  });

  test("an option's value is located inside two layers of quotes", () => {
    const text = "FROM a\nRUN --mount='type=bind,\"source=/a,b\"' x\n";
    const option = instruction(text, 1).flags[0]?.options[1];
    assert.deepEqual(
      placesOf(text, option?.value)
        .map(([, found]) => found)
        .join(""),
      "/a,b",
    );
  });

  test("the end of a word before a continuation is before the escape character", () => {
    const text = "FROM a\nCOPY a\\\n b\n";
    assert.deepEqual(
      instruction(text, 1).arguments.map(({ span }) => text.slice(span.start, span.end)),
      ["a", "b"],
    );
  });

  test("an instruction with heredocs extends to the last terminator, its head doesn't", () => {
    const text = "FROM a\nRUN <<A \\\n  b\n1\nA\nCMD c\n";
    const { span, headSpan } = instruction(text, 1);
    assert.equal(text.slice(span.start, span.end), "RUN <<A \\\n  b\n1\nA");
    assert.equal(text.slice(headSpan.start, headSpan.end), "RUN <<A \\\n  b");
  });

  test("comments directly above belong to an instruction", () => {
    const text = "# syntax=a\n# far\n\n# one\n# two\nFROM a\n# three\n\nRUN x\n";
    const file = parse(text);
    assert.deepEqual(
      file.instructions.map(({ leadingComments }) => leadingComments.map((comment) => comment.text)),
      [["one", "two"], []],
    );
  });
});

describe("stages of a file", () => {
  test("a stage has the instructions up to the next FROM", () => {
    const { globals, stages } = parse("ARG V\nFROM a AS one\nRUN x\nRUN y\nFROM --platform=$P one\n");
    assert.deepEqual(
      globals.map(({ keyword }) => keyword.value),
      ["ARG"],
    );
    assert.deepEqual(
      stages.map(({ index, name, base, platform, instructions }) => [
        index,
        name?.value,
        base?.value,
        platform?.value,
        instructions.length,
      ]),
      [
        [0, "one", "a", undefined, 2],
        [1, undefined, "one", "$P", 0],
      ],
    );
  });
});

function instruction(text: string, index: number): Instruction {
  const found = parse(text).instructions[index];
  assert.ok(found);
  return found;
}

/** Each character of a word's value, and the character at its position in the file. */
function placesOf(text: string, word: Word | undefined): string[][] {
  return [...(word?.value ?? "")].map((character, index) => [
    character,
    text[word?.logical.offsetAt(index) ?? -1] ?? "",
  ]);
}

test("text beyond two million characters is ignored, which is reported", () => {
  const line = "ENV A=1\n";
  const text = `FROM scratch\n${line.repeat(400_000)}`;
  const file = parse(text);
  const [problem, ...rest] = file.problems;
  assert.deepEqual(rest, []);
  assert.match(problem?.message ?? "", /[Nn]othing after this point is checked/);
  assert.equal(problem?.span.end, text.length);
  assert.equal(file.tokens.map(({ span }) => text.slice(span.start, span.end)).join(""), text);
  assert.ok(file.instructions.length > 200_000 && file.instructions.length < 300_000);
});
