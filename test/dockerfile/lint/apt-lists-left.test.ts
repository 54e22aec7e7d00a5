import assert from "node:assert/strict";
import { describe, test } from "node:test";
import aptListsLeft from "../../../dockerfile/lint/rules/apt-lists-left.ts";
import { fixed, lint, only } from "../../support/dockerfile/check.ts";

const options = only(aptListsLeft);
const run = (script: string): string => `FROM debian:12\nRUN ${script}\n`;

describe("apt-lists-left doesn't report", () => {
  for (const script of [
    "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
    "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists",
    "apt-get update && rm -rf /tmp/x /var/lib/apt/lists/",
    "apt-get update && rm -fr /var/lib/apt/*",
    "apt-get update && rm -r --force -- '/var/lib/apt'",
    "apt-get update && rm -rf /var/lib/{apt,dpkg}/",
    "apt-get update && rm -rf /var/{cache,lib}/apt",
    "apt-get update && rm -f /var/lib/apt/lists/*_*",
    "apt-get update && (rm -rf /var/lib/apt/lists/* || true)",
    "apt-get update && sudo rm -rf /var/lib/apt/lists/*",
    "apt-get update && bash -c 'rm -rf /var/lib/apt/lists/*'",
    "apt-get update && find /var/lib/apt/lists -type f -delete",
    "apt-get update && apt-get install -y a && apt-get distclean",
    "trap 'rm -rf /var/lib/apt/lists/*' EXIT; apt-get update",
    "apt-get install -y a",
    "apt-get -y upgrade",
    "echo apt-get update",
    "apt-cache update",
    "--mount=type=cache,target=/var/lib/apt/lists apt-get update",
    "--mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt apt-get update",
    "--mount=type=tmpfs,dst=/var/lib/apt/lists/ apt-get update",
  ]) {
    test(script, () => assert.deepEqual(lint(run(script), options), []));
  }

  test("a stage whose layers aren't in the image isn't reported", () => {
    assert.deepEqual(
      lint("FROM debian:12 AS build\nRUN apt-get update\nFROM debian:12\nCOPY --from=build /a /a\n", options),
      [],
    );
  });
});

describe("apt-lists-left reports", () => {
  for (const script of [
    "apt-get update && rm -rf /tmp/x",
    "rm -rf /var/lib/apt/lists/* && apt-get update",
    "apt-get update && rm -rf /var/lib/apt/lists/partial",
    "apt-get update && rm -rf /var/cache/apt/*",
    "apt-get update && apt-get clean",
    "apt update",
    "aptitude update",
    "/usr/bin/apt-get -qq update",
    "apt-get -o Acquire::Retries=3 update",
    "DEBIAN_FRONTEND=noninteractive sudo -E apt-get update",
    "if true; then apt-get update; fi",
    "--mount=type=cache,target=/var/cache/apt apt-get update",
    "--mount=type=bind,target=/var/lib/apt apt-get update",
  ]) {
    test(script, () => assert.equal(lint(run(script), options).length, 1));
  }

  test("a stage that the last one is built on is reported", () => {
    assert.equal(lint("FROM debian:12 AS base\nRUN apt-get update\nFROM base\nRUN true\n", options).length, 1);
  });

  test("an ONBUILD RUN is reported", () => {
    assert.equal(lint("FROM debian:12\nONBUILD RUN apt-get update\n", options).length, 1);
  });

  test("a file without FROM is reported", () => {
    assert.equal(lint("RUN apt-get update\n", options).length, 1);
  });
});

describe("the fix of apt-lists-left", () => {
  const rm = "rm -rf /var/lib/apt/lists/*";
  const mends = (before: string, after: string): void => {
    test(JSON.stringify(before), () => {
      assert.equal(fixed(run(before), options), run(after));
      assert.deepEqual(lint(run(after), options), []);
    });
  };
  mends("apt-get update  ", `apt-get update && ${rm}  `);
  mends("apt-get update;", `apt-get update && ${rm}`);
  mends("apt-get update && (a; b)", `apt-get update && (a; b) && ${rm}`);
  mends("apt-get update && { a; b; }", `apt-get update && { a; b; } && ${rm}`);
  mends("if a; then apt-get update; fi", `if a; then apt-get update; fi && ${rm}`);
  mends("apt-get update && a > b", `apt-get update && a > b && ${rm}`);
  mends("apt-get update && cat <<E > /x\nfoo\nE", `apt-get update && cat <<E > /x && ${rm}\nfoo\nE`);
  mends("apt-get update && \\\n    a && \\\n    b", `apt-get update && \\\n    a && \\\n    b && \\\n    ${rm}`);
  mends(
    "apt-get update \\\n && a \\\n      b \\\n      c",
    `apt-get update \\\n && a \\\n      b \\\n      c \\\n && ${rm}`,
  );
  mends("apt-get update && a \\\n\tb \\\n\t# why\n\tc", `apt-get update && a \\\n\tb \\\n\t# why\n\tc \\\n\t&& ${rm}`);
  mends("apt-get update; \\\n\ta; \\\n\tb", `apt-get update; \\\n\ta; \\\n\tb \\\n\t&& ${rm}`);
  mends("set -eux; \\\n\tapt-get update; \\\n\tb", `set -eux; \\\n\tapt-get update; \\\n\tb; \\\n\t${rm}`);
  mends("<<EOF\napt-get update\na\nEOF", `<<EOF\napt-get update\na && ${rm}\nEOF`);
  mends("<<EOF\n  set -eux\n  apt-get update\nEOF", `<<EOF\n  set -eux\n  apt-get update\n  ${rm}\nEOF`);
  mends("<<EOF\n#!/bin/bash -e\napt-get update\n\nEOF", `<<EOF\n#!/bin/bash -e\napt-get update\n${rm}\n\nEOF`);
  test("the fix keeps the line ending", () => {
    assert.equal(
      fixed("FROM a:1\r\nRUN apt-get update \\\r\n && a\r\n", options),
      `FROM a:1\r\nRUN apt-get update \\\r\n && a \\\r\n && ${rm}\r\n`,
    );
  });

  for (const script of [
    "apt-get update && a &",
    "apt-get update # all",
    "apt-get update && (",
    "<<EOF\napt-get update\nif a; then b; fi\nEOF",
  ]) {
    test(`the fix is absent for ${JSON.stringify(script)}`, () => {
      const [report] = lint(run(script), options);
      assert.ok(report);
      assert.equal(report.fix, undefined);
    });
  }
});
