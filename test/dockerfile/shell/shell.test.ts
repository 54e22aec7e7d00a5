import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { ShellCommand, ShellScript } from "../../../dockerfile/shell/shell.ts";
import { shell } from "../../support/dockerfile/check.ts";

describe("the commands of a RUN", () => {
  test("commands have names, words and operators", () => {
    checkCommands(
      "RUN apt-get update && apt-get install -y 'a b' \"c\"d e\\ f || true; x | y",
      `
      start: apt-get [update]
      &&: apt-get [install] [-y] [a b] [cd] [e f]
      ||: true
      ;: x
      |: y`,
    );
  });

  test("the construct that contains a command is its nesting", () => {
    checkCommands(
      "RUN if [ -f x ]; then a; else b; fi && for i in 1 2; do c $i; done; (cd d && e); { f; }; g() { h; }; case x in y) z;; esac; echo $(w)",
      `
      start if: [
      start if: a
      start if: b
      start loop: c [$i]?
      start subshell: cd [d]
      && subshell: e
      start group: f
      start function group: h
      start case: z
      ;: echo [$(w)]?
      start substitution: w`,
    );
  });

  test("a script passed to a shell is read as a script", () => {
    checkCommands(
      `RUN bash -ec 'a && b "c d"' && sudo sh -c "e \\"f\\" | g"`,
      `
      start: bash [-ec] [a && b "c d"]
      start script: a
      && script: b [c d]
      &&: sudo [sh] [-c] [e "f" | g]
      start wrapper: sh [-c] [e "f" | g]
      start script: e [f]
      | script: g`,
    );
  });

  test("the spans of a quoted script refer to the file", () => {
    const text = `FROM a\nRUN bash -c "x \\"y\\" && apt-get update"\n`;
    assert.deepEqual(
      scriptIn(text).commands.map(({ span }) => text.slice(span.start, span.end)),
      [`bash -c "x \\"y\\" && apt-get update"`, `x \\"y\\"`, "apt-get update"],
    );
  });

  test("the command that a wrapper runs is a command too", () => {
    checkCommands(
      "RUN sudo -E -u root apt-get update && env -i A=b apk add c && timeout -k 5 10 yum install d && python3 -I -m pip list",
      `
      start: sudo [-E] [-u] [root] [apt-get] [update]
      start wrapper: apt-get [update]
      &&: env [-i] [A=b] [apk] [add] [c]
      start wrapper: apk [add] [c]
      &&: timeout [-k] [5] [10] [yum] [install] [d]
      start wrapper: yum [install] [d]
      &&: python3 [-I] [-m] [pip] [list]
      start wrapper: pip [list]`,
    );
  });

  test("assignments before the name and redirections are separate", () => {
    const [command] = scriptIn("FROM a\nRUN A=b C='d e' foo x >/dev/null 2>&1 <in\n").commands;
    assert.deepEqual(
      command?.assignments.map(({ name, value }) => [name, value?.value]),
      [
        ["A", "b"],
        ["C", "d e"],
      ],
    );
    assert.deepEqual(
      command?.arguments.map(({ value }) => value),
      ["x"],
    );
    assert.deepEqual(
      command?.redirections.map(({ operator, target }) => [operator, target?.value]),
      [
        [">", "/dev/null"],
        [">&", "1"],
        ["<", "in"],
      ],
    );
  });

  test("a redirection belongs to the last command of its list", () => {
    const { commands } = scriptIn("FROM a\nRUN a && b > c\n");
    assert.deepEqual(
      commands.map(({ redirections }) => redirections.length),
      [0, 1],
    );
  });

  test("words that the shell expands aren't literal", () => {
    checkCommands(
      "RUN rm *.txt '*' \"$X\" '$X' ~/a {b,c} `d`",
      `
      start: rm [*.txt]? [*] [$X]? [$X] [~/a]? [{b,c}]? [\`d\`]?
      start substitution: d`,
    );
  });

  test("a program that is a variable has no name", () => {
    const [command] = scriptIn("FROM a\nRUN $PIP install b\n").commands;
    assert.equal(command?.name, undefined);
  });

  test("pipes have spans", () => {
    const text = "FROM a\nRUN a | b |& c || d\n";
    assert.deepEqual(
      scriptIn(text).pipes.map(({ start, end }) => text.slice(start, end)),
      ["|", "|&"],
    );
  });
});

describe("lines of a RUN", () => {
  test("spans cross continuations, comments and blank lines", () => {
    const text = "FROM a\nRUN apt-get update \\\n  # why\n\n  && apt-get \\\n install b\n";
    assert.deepEqual(
      scriptIn(text).commands.map(({ span }) => text.slice(span.start, span.end)),
      ["apt-get update", "apt-get \\\n install b"],
    );
  });

  test("a word broken by a continuation has one value", () => {
    const text = "FROM a\nRUN foo --some\\\nthing x\n";
    const [command] = scriptIn(text).commands;
    assert.deepEqual(
      command?.arguments.map(({ value, span }) => [value, text.slice(span.start, span.end)]),
      [
        ["--something", "--some\\\nthing"],
        ["x", "x"],
      ],
    );
  });

  test("the end of a script is after the last non-blank character", () => {
    const text = "FROM a\nRUN a \\\n && b  \n";
    assert.equal(text.slice(0, scriptIn(text).end), "FROM a\nRUN a \\\n && b");
  });

  test("carriage returns aren't part of words", () => {
    const text = "FROM a\r\nRUN <<EOF\r\nfoo bar\r\nbaz\r\nEOF\r\n";
    assert.deepEqual(
      scriptIn(text).commands.map(({ name, arguments: words }) => [name, ...words.map(({ value }) => value)]),
      [["foo", "bar"], ["baz"]],
    );
  });
});

describe("heredocs of a RUN", () => {
  test("a lone heredoc is the script", () => {
    const text = "FROM a\nRUN <<EOF\nset -e\nfoo bar\nEOF\n";
    const script = scriptIn(text);
    assert.equal(script.form, "heredoc");
    assert.deepEqual(
      script.commands.map(({ span }) => text.slice(span.start, span.end)),
      ["set -e", "foo bar"],
    );
    assert.equal(text.slice(0, script.end), "FROM a\nRUN <<EOF\nset -e\nfoo bar");
  });

  test("a shell's input is a script, another program's isn't", () => {
    checkCommands(
      "RUN cat <<A > /x && bash -ex <<B && python3 <<C\nhi there\nA\nfoo | bar\nB\nimport os\nC",
      `
      start: cat
      &&: bash [-ex]
      start script: foo
      | script: bar
      &&: python3`,
    );
  });

  for (const [shebang, isRead] of [
    ["#!/bin/sh", true],
    ["#!/usr/bin/env bash", true],
    ["#!/usr/bin/env -S bash -e", true],
    ["#!/usr/bin/env python3", false],
    ["#!/usr/bin/perl", false],
  ] as const) {
    test(`a heredoc with ${shebang} ${isRead ? "is" : "isn't"} read`, () => {
      const text = `FROM a\nRUN <<EOF\n${shebang}\nfoo\nEOF\n`;
      assert.equal(scriptOf(text) !== undefined, isRead);
    });
  }
});

describe("the text passed to a shell", () => {
  const isRead = (text: string, isExpected: boolean): void => {
    test(`${JSON.stringify(text)} ${isExpected ? "has" : "doesn't have"} shell text`, () =>
      assert.equal(scriptOf(text) !== undefined, isExpected));
  };
  isRead("FROM a\nRUN foo", true);
  isRead('FROM a\nRUN ["foo"]', false);
  isRead("FROM a\nCMD foo", true);
  isRead("FROM a\nENTRYPOINT foo", true);
  isRead("FROM a\nHEALTHCHECK CMD foo", true);
  isRead("FROM a\nHEALTHCHECK NONE", false);
  isRead("FROM a\nONBUILD RUN foo", true);
  isRead("FROM a\nENV foo", false);
  isRead('FROM a\nSHELL ["pwsh", "-c"]\nRUN foo', false);
  isRead('FROM a\nSHELL ["/bin/bash", "-c"]\nRUN foo', true);
  isRead('FROM a AS b\nSHELL ["cmd"]\nFROM B\nRUN foo', false);
  isRead('FROM a AS b\nSHELL ["cmd"]\nFROM a\nRUN foo', true);
  isRead("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN foo", false);
  isRead("FROM --platform=windows/amd64 a\nRUN foo", false);
  isRead("# escape=`\nFROM a\nRUN foo", false);
  isRead('# escape=`\nFROM a\nSHELL ["bash", "-c"]\nRUN foo', true);
  isRead("FROM a\n# hadolint shell=powershell\nRUN foo", false);
});

describe("broken shell text", () => {
  test("the readable commands of a broken script are kept", () => {
    const script = scriptIn("FROM a\nRUN foo && && bar (\n");
    assert.equal(script.hasErrors, true);
    assert.deepEqual(
      script.commands.map(({ name }) => name),
      ["foo", "bar"],
    );
  });

  test("deep nesting doesn't exhaust the stack", () => {
    for (const opening of ["(", "{ ", "$(", '"$(', "if a; then "])
      assert.ok(scriptIn(`FROM a\nRUN ${opening.repeat(3000)}\n`));
  });

  test("every prefix of a script is read without throwing", () => {
    const text = 'FROM a\nRUN a=b c "d $(e) ${f:-g}" \'h\' && bash -c "i \\"j\\"" <<K | l\nm $n\nK\n';
    for (let end = 0; end <= text.length; end++) scriptOf(text.slice(0, end));
  });
});

function scriptOf(text: string): ShellScript | undefined {
  const file = parse(text);
  const last = file.instructions.at(-1);
  return last && shell.script(last, file);
}

function scriptIn(text: string): ShellScript {
  const script = scriptOf(text);
  assert.ok(script);
  return script;
}

/** One line per command: operator, nesting, name, and words in brackets; `?` after those that aren't literal. */
function checkCommands(run: string, expected: string): void {
  const lines = scriptIn(`FROM a\n${run}\n`).commands.map(outline);
  assert.deepEqual(
    lines,
    expected
      .trim()
      .split("\n")
      .map((line) => line.trim()),
  );
}

function outline({ joinedBy, nesting, name, arguments: words }: ShellCommand): string {
  const what = [name ?? "?", ...words.map(({ value, isLiteral }) => `[${value}]${isLiteral ? "" : "?"}`)].join(" ");
  return `${[joinedBy, ...nesting].join(" ")}: ${what}`;
}
