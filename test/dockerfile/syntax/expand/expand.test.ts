import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expandKnown, expandWith, variableReferences } from "../../../../dockerfile/syntax/expand/expand.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import type { Dockerfile, Instruction } from "../../../../dockerfile/syntax/syntax.ts";
import { scopesOf, type BuildInputs } from "../../../../dockerfile/syntax/expand/variables.ts";

/** BuildKit's expansion of the text's last line, a USER: the value, or `?` and the missing names. */
function user(text: string, inputs: BuildInputs = {}): string {
  const { file, instruction } = lastOf(text);
  const [word] = instruction.arguments;
  assert.ok(word);
  const { value, unknownNames, failure } = expandWith(
    word.logical,
    file.escape,
    scopesOf(file, inputs).lookup(instruction),
  );
  if (failure) return `! ${failure.message}`;
  return unknownNames.length > 0 ? `? ${unknownNames.join(" ")}` : value;
}

function lastOf(text: string): { file: Dockerfile; instruction: Instruction } {
  const file = parse(text);
  const instruction = file.instructions.at(-1);
  assert.ok(instruction);
  return { file, instruction };
}

const args = (...pairs: (readonly [string, string])[]): BuildInputs => ({ buildArgs: new Map(pairs) });

describe("variables in a stage", () => {
  test("ENV sets variables, quoted or in pairs", () =>
    assert.equal(user("FROM scratch\nENV A=x B='y z'\nUSER $A-${B}"), "x-y z"));
  test("the pairs of one ENV don't see each other", () =>
    assert.equal(user("FROM scratch\nENV A=old\nENV A=new B=$A\nUSER $A$B"), "newold"));
  test("the names of one ARG see those before them", () =>
    assert.equal(user("FROM scratch\nARG A=x B=$A\nUSER $B"), "x"));
  test("an instruction doesn't see later definitions", () =>
    assert.equal(user("FROM scratch\nENV A=1\nUSER ${A}\n"), "1"));
  test("ARG sets its default", () => assert.equal(user("FROM scratch\nARG A=x\nUSER $A"), "x"));
  test("a build argument overrides the default of ARG", () =>
    assert.equal(user("FROM scratch\nARG A=x\nUSER $A", args(["A", "y"])), "y"));
  test("an ARG without default may be passed", () => assert.equal(user("FROM scratch\nARG A\nUSER $A"), "? A"));
  test("a build argument counts only if an ARG names it", () =>
    assert.equal(user("FROM scratch\nUSER .$A", args(["A", "y"])), "."));
  test("a stage doesn't see a global ARG unless it declares it", () =>
    assert.equal(user("ARG A=g\nFROM scratch\nUSER .$A"), "."));
  test("a stage that declares a global ARG sees it", () =>
    assert.equal(user("ARG A=g\nFROM scratch\nARG A\nUSER $A"), "g"));
  test("a stage's default wins over the global one", () =>
    assert.equal(user("ARG A=g\nFROM scratch\nARG A=s\nUSER $A"), "s"));
  test("the later of ENV and ARG wins", () => {
    assert.equal(user("FROM scratch\nARG A=arg\nENV A=env\nUSER $A"), "env");
    assert.equal(user("FROM scratch\nENV A=env\nARG A=arg\nUSER $A"), "arg");
  });
  test("an ARG without default keeps the value from ENV", () =>
    assert.equal(user("FROM scratch\nENV A=env\nARG A\nUSER $A"), "env"));
  test("platform ARGs must be declared, and their values are unknown", () => {
    assert.equal(user("FROM scratch\nUSER .$TARGETARCH"), ".");
    assert.equal(user("FROM scratch\nARG TARGETARCH\nUSER $TARGETARCH"), "? TARGETARCH");
    assert.equal(user("FROM scratch\nARG TARGETARCH\nUSER $TARGETARCH", args(["TARGETARCH", "arm64"])), "arm64");
  });
  test("an empty default is known", () => assert.equal(user("FROM scratch\nARG A=\nUSER ${A:-d}"), "d"));
});

describe("variables of parent stages", () => {
  test("a stage inherits ENV and ARG of the stage it is built on", () =>
    assert.equal(user("FROM scratch AS base\nENV A=1\nARG B=2\nFROM base\nUSER $A$B"), "12"));
  test("a stage doesn't inherit from another stage", () =>
    assert.equal(user("FROM scratch AS base\nENV A=1\nFROM scratch\nUSER .$A"), "."));
  test("a variable that an image may set is unknown", () => assert.equal(user("FROM debian:12\nUSER $A"), "? A"));
  test("a variable of an image is known from its ENV", () => {
    const inputs = { baseEnv: () => new Map([["A", "x"]]) };
    assert.equal(user("FROM debian:12\nUSER $A.$B", inputs), "x.");
    assert.equal(user("FROM debian:12 AS b\nFROM b\nUSER $A", inputs), "x");
  });
  test("PATH is always set, to an unknown value", () => assert.equal(user("FROM scratch\nUSER $PATH"), "? PATH"));
  test("ONBUILD ENV of the base stage applies first, in order", () =>
    assert.equal(user("FROM scratch AS b\nONBUILD ENV A=1\nONBUILD ENV B=${A}2\nFROM b\nUSER $B"), "12"));
  test("variables are expanded with the other escape character", () =>
    assert.equal(user("# escape=`\nFROM scratch\nENV A=x\nUSER `$A\\$A"), "$A\\x"));
  test("unreadable text is reported", () => assert.equal(user("FROM scratch\nUSER ${A^}").slice(0, 6), '! "^" '));
});

describe("variables in FROM", () => {
  const base = (text: string, ...pairs: (readonly [string, string])[]) => {
    const file = parse(text);
    const stage = file.stages.at(-1);
    assert.ok(stage?.base);
    return expandKnown(stage.base.logical, file.escape, scopesOf(file, { buildArgs: new Map(pairs) }).globalLookup);
  };
  test("FROM sees global ARGs, each of which sees those before it", () =>
    assert.equal(base("ARG A=a\nARG B=$A:1\nFROM ${B}-x"), "a:1-x"));
  test("build arguments override defaults in FROM", () => assert.equal(base("ARG A=a\nFROM $A", ["A", "b"]), "b"));
  test("FROM doesn't see stage ARGs", () => assert.equal(base("FROM x\nARG A=a\nFROM b$A"), "b"));
  test("an ARG without default may be passed to FROM", () => assert.equal(base("ARG A\nFROM $A"), undefined));
  test("modifiers are applied in FROM", () => assert.equal(base("ARG A=1.2.3\nFROM x:${A%.*}${N:-y}"), "x:1.2y"));
  test("platform ARGs are unknown", () => assert.equal(base("FROM x:$TARGETARCH"), undefined));
});

describe("the scopes of a file", () => {
  const text = "ARG G=1\nFROM scratch AS s\nENV A=1\nRUN one\nENV A=2\nRUN two\n";
  const file = parse(text);
  const scopes = scopesOf(file);
  const at = (index: number): Instruction => file.instructions[index] ?? lastOf(text).instruction;

  test("scopes list the variables of an instruction, with their definitions", () => {
    const first = scopes.variable(at(3), "A");
    const second = scopes.variable(at(5), "A");
    assert.deepEqual(
      [first?.value, first?.definition?.instruction.index, second?.value, second?.definition?.instruction.index],
      ["1", 2, "2", 4],
    );
  });
  test("scopes list each name once", () =>
    assert.deepEqual(
      scopes
        .variables(at(5))
        .map(({ name }) => name)
        .sort(),
      ["A", "PATH"],
    ));
  test("scopes contain the global ARGs", () => assert.equal(scopes.globalVariable("G")?.value, "1"));
  test("scopes say whether an image may set more", () => {
    const other = parse("FROM a\nRUN x\n");
    assert.deepEqual(
      [scopes.isComplete(at(5)), other.instructions.map(scopesOf(other).isComplete)],
      [true, [true, false]],
    );
  });
});

describe("hostile files in expansion", () => {
  const doubling = (keyword: string): string =>
    Array.from({ length: 30 }, (_, index) => `${keyword} A${index + 1}=\${A${index}}\${A${index}}\n`).join("");
  const repeating = (keyword: string): string =>
    Array.from({ length: 5000 }, (_, index) => `${keyword} B${index}=$A16-\n`).join("");
  for (const [where, text] of [
    ["ARG", `ARG A0=x\n${doubling("ARG")}${repeating("ARG")}FROM a\n`],
    ["ENV", `FROM scratch\nENV A0=x\n${doubling("ENV")}${repeating("ENV")}`],
  ] as const) {
    test(`values of ${where} that double and repeat become unknown before they fill the memory`, () => {
      const scopes = scopesOf(parse(text));
      const last = parse(text).stages.at(-1)?.instructions.at(-1);
      const values = last
        ? scopes.variables(last)
        : Array.from({ length: 5000 }, (_, index) => scopes.globalVariable(`B${index}`));
      const characters = values.reduce((sum, variable) => sum + (variable?.value?.length ?? 0), 0);
      assert.ok(characters > 65_000 && characters < 20_000_000, String(characters));
    });
  }
});

describe("references to variables", () => {
  test("references have names, modifiers and spans, across continuations", () => {
    const text = "FROM a\nENV X=\"$A ${B:-$C}\" Y='$D' Z=\\$E ${F}=${G\\\n}\n";
    const { file, instruction } = lastOf(text);
    const found = instruction.arguments
      .flatMap((word) => variableReferences(word.logical, file.escape))
      .map(({ name, modifier, span, nameSpan }) => [
        name,
        modifier,
        text.slice(span.start, span.end),
        text.slice(nameSpan.start, nameSpan.end),
      ]);
    assert.deepEqual(found, [
      ["A", "", "$A", "A"],
      ["B", ":-", "${B:-$C}", "B"],
      ["C", "", "$C", "C"],
      ["F", "", "${F}", "F"],
      ["G", "", "${G\\\n}", "G"],
    ]);
  });
});
