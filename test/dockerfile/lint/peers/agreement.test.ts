import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { differences } from "../../../bench/agreement/deliberate.ts";
import { casesIn } from "../../../bench/agreement/hadolintCases.ts";
import { findRules } from "../../../../dockerfile/lint/config/findRule.ts";

describe("the cases of hadolint's tests", () => {
  test("a case states its text in place or by a name", () => {
    const cases = casesIn(String.raw`
  let ?config = def
  it "a" $ ruleCatches "DL3000" "WORKDIR \"my \
                                \folder\""
  it "b" $
    let file = [ "FROM a",
                 "RUN b \\",
                 " c" ]
     in ruleCatchesNot "DL3001" $ Text.unlines file
  it "c" $
    let whole = Text.unlines [ "FROM c" ]
     in ruleCatches "DL3006" whole
`);
    assert.deepEqual(
      cases.map(({ dockerfile, ...rest }) => [dockerfile, "rule" in rest && [rest.rule, rest.isFound]]),
      [
        ['WORKDIR "my folder"', ["DL3000", true]],
        ["FROM a\nRUN b \\\n c\n", ["DL3001", false]],
        ["FROM c\n", ["DL3006", true]],
      ],
    );
  });

  test("a rule may have a name, and findings may be counted", () => {
    const cases = casesIn(`
  let rule = "DL3065"
  ruleCatches rule "FROM a"
  let file = [ "FROM b" ]
   in assertChecks
        (Text.unlines file)
        (failsWith 0 "DL3049")
`);
    assert.deepEqual(
      cases.map((it) => "rule" in it && [it.rule, it.isFound]),
      [
        ["DL3065", true],
        ["DL3049", false],
      ],
    );
  });

  test("onBuild cases have their RUNs in triggers", () => {
    const [one] = casesIn(String.raw`onBuildRuleCatches "DL3001" "FROM a\nRUN b \\\nRUN c\nrun d"`);
    assert.equal(one?.dockerfile, "FROM a\nONBUILD RUN b \\\nRUN c\nONBUILD run d");
  });

  test("a configuration applies to the cases after it", () => {
    const [first, second, third] = casesIn(`
  let ?config = def { labelSchema = Map.fromList [("team", Rule.RawText), ("rev", Rule.GitHash)], strictLabels = Just True }
  ruleCatches "DL3050" "LABEL a=b"
  let ?config = def { allowedRegistries = ["x.org"] }
  ruleCatches "DL3026" "FROM y.org/a"
  let ?config = mempty
  ruleCatchesNot "DL3026" "FROM y.org/a"
`);
    assert.equal(first?.config, "label-schema:\n  team: text\n  rev: hash\nstrict-labels: true\n");
    assert.equal(second?.config, 'trustedRegistries: ["x.org"]\n');
    assert.equal(third?.config, undefined);
  });
});

describe("the differences that the benchmark takes for deliberate", () => {
  const others = readFileSync(join(import.meta.dirname, "../../../../docs/differences.md"), "utf8")
    .split("\n")
    .map((line) => line.split(/(?<!\\)\|/)[2]?.trim() ?? "");
  for (const row of new Set(differences.map((it) => it.row)))
    test(`${row}… is a row of docs/differences.md`, () => {
      assert.equal(others.filter((cell) => cell.startsWith(row)).length, 1);
    });

  test("they are about rules that exist", () => {
    for (const code of differences.flatMap(({ rules }) => rules)) assert.ok(findRules(code).length > 0, code);
  });
});
