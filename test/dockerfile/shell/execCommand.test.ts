import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { ShellScript } from "../../../dockerfile/shell/shell.ts";
import { shell } from "../../support/dockerfile/check.ts";

describe("the command of a RUN in JSON form", () => {
  test("each string is one literal word", () => {
    const { commands, form } = readIn(`RUN ["apk", "add", "it's $A", "$HOME", "a b", ""]`);
    const [command] = commands;
    assert.equal(commands.length, 1);
    assert.equal(form, "exec");
    assert.equal(command?.name, "apk");
    assert.deepEqual(
      command?.arguments.map(({ value, isLiteral }) => [value, isLiteral]),
      ["add", "it's $A", "$HOME", "a b", ""].map((value) => [value, true]),
    );
  });

  test("spans are the insides of the strings", () => {
    const text = `RUN ["tar", "-C",\\\n  "/o\\u0070t", "-x"]`;
    const [command] = readIn(text).commands;
    const spans = [command?.nameSpan, ...(command?.arguments.map(({ span }) => span) ?? [])];
    assert.deepEqual(
      spans.map((span) => `FROM a\n${text}\n`.slice(span?.start, span?.end)),
      ["tar", "-C", "/o\\u0070t", "-x"],
    );
  });

  test("the script of a shell is read, with its variables", () => {
    const text = `RUN ["/bin/bash", "-c", "echo \\"$A\\" | sed 's/a/b/' && ls"]`;
    const { commands, pipes } = readIn(text);
    assert.deepEqual(
      commands.map(({ name, joinedBy, nesting }) => `${joinedBy} ${nesting.join(" ")} ${name}`),
      ["start  /bin/bash", "start script echo", "| script sed", "&& script ls"],
    );
    assert.equal(commands[1]?.arguments[0]?.isLiteral, false);
    const [sed] = commands[2]?.arguments ?? [];
    assert.equal(`FROM a\n${text}\n`.slice(sed?.span.start, sed?.span.end), "'s/a/b/'");
    assert.equal(pipes.length, 1);
  });

  test("a program that a wrapper runs is a command too", () => {
    const { commands } = readIn(`ONBUILD RUN ["sudo", "-u", "app", "make"]`);
    assert.deepEqual(
      commands.map(({ name }) => name),
      ["sudo", "make"],
    );
  });

  test("no other instruction has one", () => {
    for (const text of ["RUN a", "RUN []", `CMD ["a"]`, `ENTRYPOINT ["a"]`, `RUN ["a" "b"]`])
      assert.equal(execIn(text), undefined, text);
  });
});

function readIn(text: string): ShellScript {
  return execIn(text) ?? assert.fail(text);
}

function execIn(text: string): ShellScript | undefined {
  const file = parse(`FROM a\n${text}\n`);
  return shell.execCommand(file.instructions[1] ?? assert.fail(text), file);
}
