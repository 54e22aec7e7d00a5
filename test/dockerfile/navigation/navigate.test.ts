import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionAt, placesAt } from "../../../dockerfile/navigation/navigate.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** The text with the occurrences of the thing at `|` in «», and the declarations in ‹›. */
function marked(text: string): string {
  const offset = text.indexOf("|");
  const plain = text.replace("|", "");
  let shown = "";
  let end = 0;
  for (const { span, role } of placesAt(buildOf(plain), offset)) {
    const [open, close] = role === "declaration" ? ["‹", "›"] : ["«", "»"];
    shown += `${plain.slice(end, span.start)}${open}${plain.slice(span.start, span.end)}${close}`;
    end = span.end;
  }
  return shown + plain.slice(end);
}

/** The definition of the thing at `|`, as `line:text`. */
function defined(text: string): string | undefined {
  const plain = text.replace("|", "");
  const span = definitionAt(buildOf(plain), text.indexOf("|"));
  return span && `${plain.slice(0, span.start).split("\n").length}:${plain.slice(span.start, span.end)}`;
}

const places: readonly (readonly [title: string, text: string, expected: string])[] = [
  [
    "a stage in FROM, --from, mounts and by its number",
    "FROM a AS b|\nFROM b AS c\nCOPY --from=B x /\nCOPY --from=0 x /\nRUN --mount=from=b,target=/x true\n",
    "FROM a AS ‹b›\nFROM «b» AS c\nCOPY --from=«B» x /\nCOPY --from=«0» x /\nRUN --mount=from=«b»,target=/x true\n",
  ],
  [
    "a stage of the same name that hides the first one later on",
    "FROM a AS b\nFROM b AS b|\nFROM b\n",
    "FROM a AS b\nFROM b AS ‹b›\nFROM «b»\n",
  ],
  [
    "an ARG before FROM and in stages",
    "ARG V|=1\nFROM a:$V\nARG V\nENV W=${V:-2}\nFROM b\nRUN $V\n",
    "ARG ‹V›=1\nFROM a:«$V»\nARG ‹V›\nENV W=${V:-2}\nFROM b\nRUN $V\n"
      .replace("«$V»", "$«V»")
      .replace("${V:", "${«V»:"),
  ],
  [
    "an ENV that is set again, in shell text, heredocs and mount options",
    "FROM a AS x\nENV P|=1\nENV P=$P:2\nRUN --mount=type=cache,target=/$P echo \\\n  $P\nFROM x\nCOPY <<E /\n$P\nE\n",
    "FROM a AS x\nENV ‹P›=1\nENV ‹P›=$«P»:2\nRUN --mount=type=cache,target=/$«P» echo \\\n  $«P»\nFROM x\nCOPY <<E /\n$«P»\nE\n",
  ],
  [
    "an ENV of another stage",
    "FROM a\nENV P|=1\nFROM b\nENV P=2\nRUN $P\n",
    "FROM a\nENV ‹P›=1\nFROM b\nENV P=2\nRUN $P\n",
  ],
  [
    "an ENV that takes the value of an ARG with the same name",
    "FROM a\nARG P\nENV P=$|P\nRUN $P\n",
    "FROM a\nARG ‹P›\nENV P=$«P»\nRUN $P\n",
  ],
  [
    "names earlier in the same ARG, and containers that run without ARGs",
    "FROM a\nARG A|=1 B=$A\nCMD echo $A\n",
    "FROM a\nARG ‹A›=1 B=$«A»\nCMD echo $A\n",
  ],
  ["a heredoc", "RUN <<E|OF\na\nEOF\n", "RUN ‹<<EOF›\na\n«EOF»\n"],
  ["an image", "FROM a|\nCOPY --from=a x /\n", "FROM a\nCOPY --from=a x /\n"],
];

for (const [title, text, expected] of places)
  test(`the places are those of ${title}`, () => assert.equal(marked(text), expected));

const definitions: readonly (readonly [text: string, expected: string | undefined])[] = [
  ["FROM a AS b\nFROM b|\n", "1:b"],
  ["FROM a\nFROM c\nCOPY --from=|0 x /\n", "1:FROM"],
  ["ARG V=1\nFROM a\nARG V\nRUN $|V\n", "3:V"],
  ["ARG V=1\nFROM a\nARG |V\n", "1:V"],
  ["ARG V=1\nFROM a\nARG |V=2\n", "3:V"],
  ["FROM a\nENV V=1\nENV V=2\nRUN ${|V}\n", "3:V"],
  ["FROM a\nRUN $|V\n", undefined],
  ["FROM a\nRUN <<E\n\nE|\n", "2:<<E"],
  ["FROM a\nRUN <<'E'\n$|V\nE\n", undefined],
  ["FROM a\nCOPY --from=", undefined],
];

for (const [text, expected] of definitions)
  test(`the definition is found in ${JSON.stringify(text)}`, () =>
    assert.equal(defined(`${text}|`.replace(/\|(.*)\|$/s, "|$1")), expected));

test("at any offset of any file, the occurrences of the thing there include it", () => {
  for (const [index, { text }] of dockerfileFixtures.entries()) {
    const build = buildOf(text);
    for (let offset = index % 11; offset <= text.length; offset += 11) {
      definitionAt(build, offset);
      const found = placesAt(build, offset);
      assert.ok(found.length === 0 || found.some(({ span }) => span.start <= offset && offset <= span.end));
    }
  }
});
