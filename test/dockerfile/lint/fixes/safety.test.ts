import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { applyChanges } from "../../../../dockerfile/edit/applyChanges.ts";
import { ignoreRules } from "../../../../dockerfile/lint/ignore/rules/index.ts";
import { rules } from "../../../../dockerfile/lint/rules/index.ts";
import { fixed, lint, only } from "../../../support/dockerfile/check.ts";

test("docs/safe-fixes.md has a verdict for each rule with safe fixes", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/safe-fixes.md"), "utf8");
  const judged = [...text.matchAll(/^\| \[([\w-]+)\]/gm)].map(([, id]) => id);
  const safe = [...rules, ...ignoreRules].filter(({ meta }) => meta.fixSafety === "safe").map(({ meta }) => meta.id);
  assert.deepEqual(judged, safe.sort());
});

/** The safety of the fix of each finding of a rule. */
function safetyOf(id: string, text: string): (string | undefined)[] {
  return lint(text, ruleOf(id)).map(({ fix }) => fix?.().safety);
}

function ruleOf(id: string) {
  const rule = rules.find(({ meta }) => meta.id === id);
  assert.ok(rule);
  return only(rule);
}

describe("a fix that may change what runs is unsafe:", () => {
  const unsafe: readonly (readonly [string, string])[] = [
    ["pipefail", "FROM debian:12\nRUN tr -dc a-z </dev/urandom | head -c 20 > /p\n"],
    ["pipefail", "FROM alpine:3.22\nRUN a | head -1\n"],
    ["json-args", "FROM debian:12\nENTRYPOINT app\n"],
    ["json-args", 'FROM debian:12\nENTRYPOINT ["a"]\nCMD app\n'],
    ["json-args", "FROM acme/app:1\nCMD app\n"],
    ["json-args", "FROM debian:12\nCMD app &\n"],
    ["json-args", "FROM debian:12\nCMD ! app\n"],
    ["json-args", "FROM debian:12\nCMD [ -f /a ]\n"],
    ["json-args", 'FROM debian:12\nCMD echo "a\\tb"\n'],
    ["json-args", "FROM debian:12\nCMD printf 'a\\n'\n"],
    ["linked-shell", "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n"],
    ["sudo", "FROM debian:12\nUSER root\nRUN sudo pip install a\n"],
    ["invalid-copy-source", "FROM a AS build\nRUN x\nFROM b\nCOPY --from=buidl /a /a\n"],
    ["wget-progress", "FROM acme/app:1\nRUN wget https://example.org/a\n"],
    ["wget-progress", "FROM fedora:42\nRUN wget https://example.org/a\n"],
    ["add-for-local-files", "FROM debian:12\nADD rootfs /\n"],
    ["add-for-local-files", "FROM debian:12\nADD app-1.2 a.json /x/\n"],
    ["apt-command", "FROM debian:12\nRUN apt upgrade -y\n"],
    ["apt-command", "FROM acme/app:1\nRUN apt install -y a\n"],
    ["apt-lists-left", "FROM debian:12\nUSER 1\nRUN sudo apt-get update && sudo apt-get install -y a\n"],
    ["apt-lists-left", "FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN ./setup.sh\n"],
    ["dnf-cache-left", "FROM fedora:42\nUSER 1\nRUN sudo dnf install -y a\n"],
    ["apk-cache-left", "FROM alpine:3.22\nRUN apk update && apk add a\nCOPY b /b\nRUN sh /b\n"],
    ["redundant-target-platform", "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM debian:12\n"],
    ["maintainer-deprecated", "FROM debian:12\nMAINTAINER a\nLABEL org.opencontainers.image.authors=b\n"],
  ];
  for (const [id, text] of unsafe)
    test(`${id} has the expected fix in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(safetyOf(id, text), ["unsafe"]));
});

describe("a fix that keeps what runs is safe:", () => {
  const safe: readonly (readonly [string, string])[] = [
    ["json-args", "FROM python:3.13\nCMD python app.py\n"],
    ["json-args", "FROM python:3.13\nCMD echo a; # b\n"],
    ["wget-progress", "FROM alpine:3.22\nRUN wget https://example.org/a\n"],
    ["add-for-local-files", "FROM debian:12\nADD . /app/\n"],
    ["add-for-local-files", "FROM debian:12\nADD package.json src/ /app/\n"],
    ["apt-lists-left", "FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN /usr/bin/a && pip install b\n"],
    ["apt-command", "FROM ubuntu:24.04\nRUN apt install -y a\n"],
  ];
  for (const [id, text] of safe)
    test(`${id} has the expected fix in ${JSON.stringify(text)}`, () => assert.deepEqual(safetyOf(id, text), ["safe"]));
});

test("nothing is appended to a script that ends its shell", () => {
  for (const end of ["; exit 0", " && exec app", "; exit"]) {
    const text = `FROM debian:12\nRUN apt-get update && apt-get install -y a${end}\n`;
    assert.deepEqual(safetyOf("apt-lists-left", text), [undefined], text);
  }
  const text = "FROM debian:12\nRUN apt-get update && apt-get install -y a || exit 1\n";
  assert.deepEqual(safetyOf("apt-lists-left", text), ["safe"]);
});

test("apk's index is deleted once it is no longer needed", () => {
  const text = "FROM alpine:3.22\nRUN apk update && apk add a\nRUN apk add b\n";
  assert.deepEqual(safetyOf("apk-cache-left", text), ["unsafe", "safe"]);
  const last = lint(text, ruleOf("apk-cache-left"))[1]?.fix?.().changes ?? [];
  assert.deepEqual(safetyOf("apk-cache-left", applyChanges(text, last)), ["safe"]);
});

describe("the fix of pipefail", () => {
  const fixes: readonly (readonly [string, string, string])[] = [
    [
      "one SHELL is set for a stage on Debian",
      "FROM debian:12\nRUN a | b\nRUN echo c\nRUN d | e\nFROM debian:12\nRUN f | g\n",
      'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\nRUN echo c\nRUN d | e\nFROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN f | g\n',
    ],
    [
      "the option is set in each RUN if the shell has it",
      'FROM fedora:42\nRUN a | b\nRUN --network=none \\\n    c \\\n    | d\nFROM busybox:1\nRUN e | f\nFROM acme/app:1\nSHELL ["/bin/bash", "-ec"]\nRUN g || h | i\n',
      'FROM fedora:42\nRUN set -o pipefail && a | b\nRUN --network=none \\\n    set -o pipefail && c \\\n    | d\nFROM busybox:1\nRUN set -o pipefail && e | f\nFROM acme/app:1\nSHELL ["/bin/bash", "-ec"]\nRUN set -o pipefail && g || h | i\n',
    ],
    [
      "a separate line is added in a heredoc",
      "FROM alpine:3.22\nRUN <<EOF\n  a | b\nEOF\n",
      "FROM alpine:3.22\nRUN <<EOF\n  set -o pipefail\n  a | b\nEOF\n",
    ],
  ];
  for (const [claim, bad, good] of fixes) test(claim, () => assert.equal(fixed(bad, ruleOf("pipefail")), good));
  test("the fix follows the first line of a heredoc", () => {
    const run = (program: string) => `FROM debian:12\nRUN <<EOF\n#!${program}\na | b\nEOF\n`;
    const good = "FROM debian:12\nRUN <<EOF\n#!/usr/bin/env bash\nset -o pipefail\na | b\nEOF\n";
    assert.equal(fixed(run("/usr/bin/env bash"), ruleOf("pipefail")), good);
    assert.deepEqual(safetyOf("pipefail", run("/bin/sh -e")), [undefined]);
  });
  test("the fix keeps the options of the shell that it replaces, and is absent if it can't apply", () => {
    const start = 'FROM debian:12\nRUN bash -c "a | b"\nSHELL ["/bin/sh", "-ec"]\n';
    assert.equal(
      fixed(`${start}RUN c | d\n`, ruleOf("pipefail")),
      `${start}SHELL ["/bin/bash", "-o", "pipefail", "-ec"]\nRUN c | d\n`,
    );
  });
  test("the fix is absent if a part of the RUN goes to the background", () =>
    assert.deepEqual(safetyOf("pipefail", "FROM alpine:3.22\nRUN a & b | c\n"), [undefined]));
});
