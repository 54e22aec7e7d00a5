import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readIgnoreDocument } from "../../../../dockerfile/lint/ignore/document.ts";
import { ignoreInIgnoreFile, ignoreAtLine } from "../../../../dockerfile/lint/ignore/suppressFix.ts";
import { applyChanges } from "../../../../dockerfile/edit/applyChanges.ts";
import {
  checkIgnore,
  contextOf,
  fixedIgnore,
  lintIgnore,
  type CheckIgnoreOptions,
} from "../../../support/dockerfile/checkIgnore.ts";

const found = (text: string, options: CheckIgnoreOptions = {}) =>
  lintIgnore(text, options).map(({ rule, span }) => `${rule.id}: ${text.slice(span.start, span.end)}`);

describe("rules for ignore files don't report", () => {
  for (const [claim, text, facts] of [
    ["an empty file", "", contextOf()],
    ["comments and blank lines", "# a\n\n#b\n", contextOf("x")],
    ["slashes at the ends and dots, which mean nothing", "/dist/\n./out\n", contextOf("dist/a", "out/b")],
    ["trailing blanks", "  dist\t\n", contextOf("dist/a")],
    ["Dockerfiles that are excluded", "Dockerfile\n.dockerignore\n", contextOf("Dockerfile", ".dockerignore", "a")],
    ["patterns if the context is unknown", "dist\n!src\n**/*.log\n", undefined],
    ["an existing name with a blank", "my file\n", contextOf("my file", "my", "file")],
    ["an escaped bracket", "\\[a]\n", contextOf("[a]")],
    ["everything except some files", "*\n!src\n!package.json\n", contextOf("src/a", "package.json", "b")],
    [
      "an exception from an exception",
      "**/*.md\n!docs/*.md\ndocs/secret.md\n",
      contextOf("a.md", "docs/b.md", "docs/secret.md"),
    ],
    [
      "patterns that exclude possible secrets and repositories",
      ".env\n.env.*\n**/.env\n*.pem\n**/*.key\nid_rsa\n.git\n.gitignore\n**/secrets.json\n",
      contextOf("a"),
    ],
    ["a name that differs by more than a letter", "dist\n", contextOf("dist/x")],
  ] as const) {
    test(claim, () => assert.deepEqual(found(text, { facts }), []));
  }
});

describe("rules for ignore files report", () => {
  for (const [claim, text, facts, expected] of [
    ["a pattern without matches", "dist\n", contextOf("list/x"), ["unmatched-ignore-pattern: dist"]],
    ["a name in different case", ".Git\n", contextOf(".git/x"), ["misspelt-ignore-pattern: .Git"]],
    ["a duplicate pattern, whatever files exist", "*.log\na\n*.log\n", undefined, ["shadowed-ignore-pattern: *.log"]],
    ["a path in an excluded folder", "logs\nlogs/a\n", undefined, ["shadowed-ignore-pattern: logs/a"]],
    [
      "an excluded path that is entirely re-included",
      "src\n!src\n",
      contextOf("src/a"),
      ["shadowed-ignore-pattern: src"],
    ],
    [
      "an exception without anything to re-include",
      "!src\nlogs\n",
      contextOf("src/a", "logs/b"),
      ["shadowed-ignore-pattern: !src"],
    ],
    [
      "an exception without an effect, whose matches are partly excluded below",
      "*.md\n!docs/*.md\ndocs/secret.md\n",
      contextOf("a.md", "docs/b.md", "docs/secret.md"),
      ["shadowed-ignore-pattern: !docs/*.md"],
    ],
    [
      "an exception that comes too early",
      "!logs/*.md\nlogs\n",
      contextOf("logs/a.md"),
      ["early-ignore-exception: !logs/*.md"],
    ],
    [
      "an exception that is undone below",
      "logs\n!logs/a\nlogs\n",
      contextOf("logs/a"),
      ["early-ignore-exception: !logs/a"],
    ],
    ["two patterns and a blank", "a b\n", contextOf("a", "b"), ["several-patterns-on-line: a b"]],
    [
      "a folder of the machine",
      "/home/me/app/dist\n",
      contextOf("dist/x"),
      ["unmatched-ignore-pattern: /home/me/app/dist"],
    ],
    ["a lone exclamation mark", "a\n!\n", contextOf("a"), ["invalid-ignore-pattern: !"]],
  ] as const) {
    test(claim, () => assert.deepEqual(found(text, { facts }), expected));
  }

  test("removing a duplicate is safe, removing a pattern that others cover today isn't", () => {
    const safety = (text: string) =>
      lintIgnore(text, { facts: contextOf("a", "d/a") }).map((report) => report.fix?.().safety);
    assert.deepEqual(safety("a\na\n"), ["safe"]);
    assert.deepEqual(safety("d\n**/d/*\n"), ["unsafe"]);
  });

  test("the .dockerignore of a context whose Dockerfiles all have their own is reported", () => {
    const facts = contextOf("Dockerfile", "Dockerfile.dockerignore", "x");
    assert.deepEqual(found("x\n", { facts }), ["unread-ignore-file: x"]);
    assert.deepEqual(found("x\n", { facts, name: "Dockerfile.dockerignore" }), []);
    assert.deepEqual(
      found("x\n", { facts: contextOf("Dockerfile", "Dockerfile.dockerignore", "dev.Dockerfile", "x") }),
      [],
    );
  });
});

describe("fixes of rules for ignore files", () => {
  for (const [claim, text, facts, expected] of [
    ["keep Windows line endings", "a b\r\nc\r\n", contextOf("a", "b", "c"), "a\r\nb\r\nc\r\n"],
    ["move an exception to the end of a file without newline", "!a.md\n*.md", undefined, "*.md\n!a.md"],
    ["remove the last line", "a\nb", contextOf("a"), "a\n"],
    ["leave the byte order mark", "\ufeffb\na\n", contextOf("a"), "\ufeffa\n"],
    ["keep the exclamation mark", "*\n!node_module\n", contextOf("node_modules/a"), "*\n!node_modules\n"],
  ] as const) {
    test(claim, () => assert.equal(fixedIgnore(text, { facts }), expected));
  }
});

describe("comments in an ignore file", () => {
  test("a comment silences the line below it", () =>
    checkIgnore(
      "# imagewright ignore=early-ignore-exception\n!a.md\n!b.md\n^^^^^ !b.md has no effect: line 4 (*.md) excludes it again; move the exception below that line\n*.md\n",
    ));
  test("a comment works through other comments, and after a list", () =>
    assert.deepEqual(found("# imagewright ignore=x,early-ignore-exception why\n# more\n!a.md\n*.md\n"), []));
  test("a comment doesn't work through a blank line", () =>
    assert.equal(found("# imagewright ignore=early-ignore-exception\n\n!a.md\n*.md\n").length, 1));
  test("a file comment silences the whole file", () =>
    assert.deepEqual(found("!a.md\n*.md\n# imagewright file ignore=early-ignore-exception\n"), []));
  test("a comment silences nothing when comments aren't honoured", () =>
    assert.equal(found("# imagewright file ignore=all\n!a.md\n*.md\n", { suppressions: "ignored" }).length, 1));

  test("quick fixes write ignore comments", () => {
    let text = "x\n!a.md\n*.md\n";
    const silence = (fix: typeof ignoreAtLine | typeof ignoreInIgnoreFile) => {
      const [report] = lintIgnore(text);
      assert.ok(report);
      return applyChanges(text, fix(readIgnoreDocument(".dockerignore", text), report));
    };
    assert.equal(silence(ignoreInIgnoreFile), "# imagewright file ignore=early-ignore-exception\nx\n!a.md\n*.md\n");
    text = silence(ignoreAtLine);
    assert.equal(text, "x\n# imagewright ignore=early-ignore-exception\n!a.md\n*.md\n");
    assert.deepEqual(found(text), []);
    text = "x\n# imagewright ignore=other\n!a.md\n*.md\n";
    assert.equal(silence(ignoreAtLine), "x\n# imagewright ignore=other,early-ignore-exception\n!a.md\n*.md\n");
  });
});

test("settings choose the severity, and off is silent", () => {
  assert.deepEqual(
    lintIgnore("!a\na\n", { severities: { "early-ignore-exception": "error" } }).map(({ severity }) => severity),
    ["error"],
  );
  assert.deepEqual(lintIgnore("!a\na\n", { severities: { "early-ignore-exception": "off" } }), []);
});
