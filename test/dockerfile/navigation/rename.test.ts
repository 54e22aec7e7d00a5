import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { occurrencesIn } from "../../../dockerfile/navigation/bindings.ts";
import { predefinedArgs } from "../../../dockerfile/syntax/expand/predefinedArgs.ts";
import { renameAt } from "../../../dockerfile/navigation/rename.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** The text with the name at `|` changed, or the reason for a refusal; undefined if there isn't a name. */
function renamed(marked: string, name: string): string | undefined {
  const text = marked.replace("|", "");
  const renaming = renameAt(buildOf(text), marked.indexOf("|"), name);
  return renaming && ("refusal" in renaming ? renaming.refusal : applyChanges(text, renaming.changes));
}

const cases: readonly (readonly [text: string, name: string, expected: string | undefined])[] = [
  [
    "FROM a AS b|\nFROM b\nCOPY --from=b x /\nCOPY --from=0 x /\nRUN --mount=from=b,target=/x true\n",
    "Build",
    "FROM a AS Build\nFROM build\nCOPY --from=Build x /\nCOPY --from=0 x /\nRUN --mount=from=Build,target=/x true\n",
  ],
  [
    "ARG V=1\nFROM a:${V|}\nARG V\nRUN --mount=type=cache,target=/$V <<E\necho ${V:-x}\nE\nFROM b\nARG V=2\n",
    "VERSION",
    "ARG VERSION=1\nFROM a:${VERSION}\nARG VERSION\nRUN --mount=type=cache,target=/$VERSION <<E\necho ${VERSION:-x}\nE\nFROM b\nARG VERSION=2\n",
  ],
  ["FROM a\nARG P\nENV P|=$P\nRUN $P\n", "Q", "FROM a\nARG P\nENV Q=$P\nRUN $Q\n"],
  ["FROM a\r\nENV A|=1 \\\r\n  B=2\r\nCMD $A\r\n", "C", "FROM a\r\nENV C=1 \\\r\n  B=2\r\nCMD $C\r\n"],
  ["# escape=`\nFROM a\nONBUILD ARG A|\nONBUILD RUN $A\n", "B", "# escape=`\nFROM a\nONBUILD ARG B\nONBUILD RUN $A\n"],
  // What a program takes as an argument sets nothing in the shell; `env` does.
  [
    "FROM a\nARG V|=1\nRUN make V=$V \\\n && sudo x V=$V\n",
    "W",
    "FROM a\nARG W=1\nRUN make V=$W \\\n && sudo x V=$W\n",
  ],
  ["FROM a\nENV A|=1\nRUN env A=2 sh -c 'echo $A'\n", "B", "Line 3: the script sets A itself"],
  ["FROM a\nENV A|=1\nRUN export A=2; echo $A\n", "B", "Line 3: the script sets A itself"],
  ["FROM a\nENV A|=1\nRUN sh -c 'A=2; echo $A'\n", "B", "Line 3: the script sets A itself"],
  // Heredocs, where they begin and end.
  ["FROM a\nRUN <<-'E|'\n\tE x\n\tE\n", "EOF", "FROM a\nRUN <<-'EOF'\n\tE x\n\tEOF\n"],
  ["FROM a\nCOPY <<A <<B /\nx\nA\ny\nB|\n", "C", "FROM a\nCOPY <<A <<C /\nx\nA\ny\nC\n"],
  ["FROM a\nRUN <<E|\nF\nE\n", "F", "A line of the heredoc is F"],
  [
    "FROM a\nRUN <<E|\nE\n",
    "a b",
    "The name of a heredoc begins with a letter or underscore and may contain letters, digits, _, . and -",
  ],
  ["FROM a\nRUN <<E|\nx\n", "F", undefined],
  // Refused names.
  ["FROM a\nENV PATH|=/b\n", "B", "Programs read PATH by this name"],
  ["FROM a\nENV http_proxy|=b\n", "B", "Programs read http_proxy by this name"],
  ["FROM a\nARG TARGET|ARCH\n", "B", "TARGETARCH is a predefined ARG, whose name BuildKit gives"],
  ["FROM a\nARG A|\n", "HTTP_PROXY", "HTTP_PROXY is a predefined ARG"],
  [
    "FROM a\nARG A|\n",
    "1B",
    "The name of a variable begins with a letter or underscore and goes on with letters, digits and underscores",
  ],
  [
    "FROM a AS b|\n",
    "-c",
    "The name of a stage begins with a letter and goes on with letters, digits, hyphens, underscores and dots",
  ],
  ["FROM a AS b|\n", "Scratch", "Scratch has a meaning of its own"],
  ["FROM a AS b\nFROM c\nCOPY --from=|0 x /\n", "d", "This names a stage by its number"],
  ["ARG B=b\nFROM a AS b|\nFROM $B\n", "c", "Line 3: $B does not name the stage plainly"],
  ["FROM a\nENV A|=1\nRUN A=2; echo $A\n", "B", "Line 3: the script sets A itself"],
  [`FROM a\nARG A|\nRUN ${"x $A ".repeat(50_000)}\n`, "B", "Line 3 is too long to be searched for names"],
  // Conflicts.
  ["FROM a AS b|\nFROM d\n", "d", "With the name d line 2 would mean something else"],
  ["FROM a AS b|\nFROM a AS c\n", "C", "Line 2 has a stage of that name"],
  ["FROM a\nARG A|\nENV B=1\nRUN $A $B\n", "B", "With the name B line 4 would mean something else"],
  ["FROM a\nARG A|\nRUN $A $B\n", "B", "With the name B line 3 would mean something else"],
  ["FROM a\nARG A|\nRUN B=1; $A\n", "B", "With the name B line 3 would mean something else"],
  ["FROM a\nARG A|\nFROM b\nARG B\n", "B", "With the name B line 4 would mean something else"],
  // Names that the file doesn't define.
  ["FROM a|\nRUN $x\n", "b", undefined],
  ["FROM a\nRUN $x|\n", "y", undefined],
];

for (const [text, name, expected] of cases)
  test(`renaming in ${JSON.stringify(text.slice(0, 100))} to ${name}`, () =>
    assert.equal(renamed(text, name), expected));

test("renaming and renaming back restores any file byte for byte", () => {
  let count = 0;
  for (const { text } of dockerfileFixtures) {
    const build = buildOf(text);
    const occurrences = occurrencesIn(build).filter(({ obstacle }) => obstacle === undefined);
    // A variable can't get the name of a predefined ARG.
    const renamed = occurrences.filter(({ target }) => target.kind === "stage" || !predefinedArgs.has(target.name));
    for (const { span, target } of renamed)
      count += checkBack(text, span, target.kind === "stage" ? (target.stage.name?.value ?? "") : target.name);
  }
  assert.ok(count > 700, `${count} were renamed`);
});

test("renaming a heredoc and renaming it back restores any file byte for byte", () => {
  let count = 0;
  for (const { text } of dockerfileFixtures) {
    const heredocs = buildOf(text).file.instructions.flatMap((instruction) => instruction.heredocs);
    const places = heredocs.flatMap(({ name, span, end }) => [span, ...(end ? [end] : [])].map((at) => ({ name, at })));
    for (const { name, at } of places)
      count += checkBack(text, { start: at.start + text.slice(at.start, at.end).lastIndexOf(name) }, name);
  }
  assert.ok(count > 40, `${count} were renamed`);
});

/** 1 if the name there was changed and changed back, 0 if that is refused. */
function checkBack(text: string, { start }: { readonly start: number }, old: string): 0 | 1 {
  const renaming = renameAt(buildOf(text), start, "ZZZ_NEW");
  assert.ok(renaming, `${old} of ${text.slice(0, 200)}`);
  if ("refusal" in renaming) return 0;
  const [first] = renaming.changes;
  assert.ok(first);
  const changed = applyChanges(text, renaming.changes);
  const back = renameAt(buildOf(changed), first.span.start, old);
  assert.ok(back && "changes" in back, `${old} of ${text.slice(0, 200)}`);
  const written = new Set(renaming.changes.map(({ span }) => text.slice(span.start, span.end)));
  const restored = applyChanges(changed, back.changes);
  // A stage is found by its name in any case; where two are in use, one is as good as the other.
  if (written.size === 1) assert.equal(restored, text);
  else assert.equal(restored.toLowerCase(), text.toLowerCase());
  return 1;
}
