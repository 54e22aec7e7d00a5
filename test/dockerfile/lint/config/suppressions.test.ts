import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyChanges } from "../../../../dockerfile/edit/applyChanges.ts";
import latestTag from "../../../../dockerfile/lint/rules/latest-tag.ts";
import maintainer from "../../../../dockerfile/lint/rules/maintainer-deprecated.ts";
import type { Report } from "../../../../dockerfile/lint/rule.ts";
import { ignoreAtInstruction, ignoreInFile } from "../../../../dockerfile/lint/fixes/ignoreComment.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import { lint } from "../../../support/dockerfile/check.ts";

const options = { rules: [latestTag, maintainer] };

describe("findings silenced by comments", () => {
  for (const [name, text] of Object.entries({
    "our own comment, above": "# imagewright ignore=latest-tag\nFROM a:latest\n",
    "our own comment with a reason": "# imagewright ignore=latest-tag we mirror it\nFROM a:latest\n",
    "our own comment with another tool's code": "# imagewright ignore=DL3007\nFROM a:latest\n",
    "our own comment with several rules": "# imagewright ignore=x, latest-tag\nFROM a:latest\n",
    "our own comment for all rules": "# imagewright ignore=all\nFROM a:latest\n",
    "our own file comment, below": "FROM a:latest\n# imagewright file ignore=latest-tag\n",
    hadolint: "# hadolint ignore=DL3007\nFROM a:latest\n",
    "hadolint's comment in lower case": "#hadolint ignore = dl3006 , dl3007 # why\nFROM a:latest\n",
    "hadolint's comment, not the nearest one": "# hadolint ignore=DL3007\n# hadolint ignore=DL3006\nFROM a:latest\n",
    "hadolint's global comment": "FROM a:latest\nRUN b\n# hadolint global ignore=DL3007\n",
    "hadolint's comment for a stage": "# hadolint stage ignore=MaintainerDeprecated\nFROM a:1\nMAINTAINER b\n",
    "BuildKit's directive": "# check=skip=MaintainerDeprecated\nFROM a:1\nMAINTAINER b\n",
    "BuildKit's directive after syntax":
      "# syntax=docker/dockerfile:1\n# check=error=true;skip=X,MaintainerDeprecated\nFROM a:1\nMAINTAINER b\n",
    "BuildKit's directive for all": "# check=skip=all\nFROM a:1\nMAINTAINER b\n",
    "BuildKit's comment above": "FROM a:1\n# check=skip=MaintainerDeprecated why\nMAINTAINER b\n",
    "BuildKit's comment above blank lines": "FROM a:1\n# check=skip=MaintainerDeprecated\n\nMAINTAINER b\n",
    "a comment in a fragment": "# imagewright ignore=maintainer-deprecated\nMAINTAINER b\n",
    CRLF: "# imagewright ignore=latest-tag\r\nFROM a:latest\r\n",
  })) {
    test(name, () => assert.deepEqual(lint(text, options), []));
  }
});

describe("findings not silenced by comments", () => {
  for (const [name, text] of Object.entries({
    "by another rule's id": "# imagewright ignore=unpinned-base\nFROM a:latest\n",
    "by a comment for the previous instruction": "# imagewright ignore=latest-tag\nFROM b:1\nFROM a:latest\n",
    "by a comment separated by a blank line": "# hadolint ignore=DL3007\n\nFROM a:latest\n",
    "by a reason": "# imagewright ignore=x latest-tag\nFROM a:latest\n",
    "by another stage": "# hadolint stage ignore=DL3007\nFROM b:1\nFROM a:latest\n",
    "by BuildKit's all, which means its own checks": "# check=skip=all\nFROM a:latest\n",
    "by BuildKit's comment cut off by a bare #": "FROM a:1\n# check=skip=MaintainerDeprecated\n#\nMAINTAINER b\n",
  })) {
    test(name, () => assert.equal(lint(text, options).length, 1));
  }

  test("comments silence nothing when they aren't honoured", () => {
    assert.equal(lint("# hadolint ignore=DL3007\nFROM a:latest\n", { ...options, suppressions: "ignored" }).length, 1);
  });
});

describe("the fix that ignores a finding on its line", () => {
  const here = (before: string, after: string): void =>
    check(before, after, (file, report) => ignoreAtInstruction(file, report));

  test("a comment is added above the line, with its indentation", () =>
    here("FROM b:1\n  FROM a:latest\n", "FROM b:1\n  # imagewright ignore=latest-tag\n  FROM a:latest\n"));
  test("a comment of ours is extended", () =>
    here("# imagewright ignore=x why\nFROM a:latest\n", "# imagewright ignore=x,latest-tag why\nFROM a:latest\n"));
  test("hadolint's comment is extended by its code", () =>
    here("# hadolint ignore=DL3006 # why\nFROM a:latest\n", "# hadolint ignore=DL3006,DL3007 # why\nFROM a:latest\n"));
  test("BuildKit's directive is extended by its name", () =>
    here(
      "FROM a:1\n# check=skip=X because\nMAINTAINER b\n",
      "FROM a:1\n# check=skip=X,MaintainerDeprecated because\nMAINTAINER b\n",
    ));
  test("BuildKit's list isn't extended by a rule that BuildKit lacks", () =>
    here(
      "FROM b:1\n# check=skip=X\nFROM a:latest\n",
      "FROM b:1\n# check=skip=X\n# imagewright ignore=latest-tag\nFROM a:latest\n",
    ));
  test("the new comment keeps the line ending", () =>
    here("FROM a:latest\r\n", "# imagewright ignore=latest-tag\r\nFROM a:latest\r\n"));
  test("a comment is added at the file's start after a byte order mark", () =>
    here("\uFEFFFROM a:latest\n", "\uFEFF# imagewright ignore=latest-tag\nFROM a:latest\n"));
  test("a comment is added after the directives, which stay in effect", () =>
    here("# escape=`\nFROM a:latest\n", "# escape=`\n# imagewright ignore=latest-tag\nFROM a:latest\n"));
});

describe("the fix that ignores a rule in the whole file", () => {
  const inFile = (before: string, after: string): void =>
    check(before, after, (file, report) => ignoreInFile(file, report));

  test("a file comment is added at the start of the file", () =>
    inFile("# x\nFROM a:latest\n", "# imagewright file ignore=latest-tag\n# x\nFROM a:latest\n"));
  test("a file comment is added after the directives", () =>
    inFile(
      "# syntax=x\n# escape=`\n\nFROM a:latest\n",
      "# syntax=x\n# escape=`\n# imagewright file ignore=latest-tag\n\nFROM a:latest\n",
    ));
  test("a file comment of ours is extended", () =>
    inFile("FROM a:latest\n# imagewright file ignore=x\n", "FROM a:latest\n# imagewright file ignore=x,latest-tag\n"));
  test("hadolint's global comment is extended", () =>
    inFile("FROM a:latest\n# hadolint global ignore=DL1\n", "FROM a:latest\n# hadolint global ignore=DL1,DL3007\n"));
  test("the check directive is extended, because there may be only one", () =>
    inFile(
      "# check=skip=X;error=true\nFROM a:1\nMAINTAINER b\n",
      "# check=skip=X,MaintainerDeprecated;error=true\nFROM a:1\nMAINTAINER b\n",
    ));
  test("a file comment is added to a file of one line", () =>
    inFile("FROM a:latest", "# imagewright file ignore=latest-tag\nFROM a:latest"));
});

/** Checks that the only finding of `before` is gone in `after`, the result of the changes. */
function check(
  before: string,
  after: string,
  changes: (file: ReturnType<typeof parse>, report: Report) => Parameters<typeof applyChanges>[1],
): void {
  const [report] = lint(before, options);
  assert.ok(report);
  assert.equal(applyChanges(before, changes(parse(before), report)), after);
  assert.deepEqual(lint(after, options), []);
}
