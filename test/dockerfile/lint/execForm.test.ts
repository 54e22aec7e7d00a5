import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { checkDiagnostics, fixed, lint, only } from "../../support/dockerfile/check.ts";
import type { LintOptions } from "../../../dockerfile/lint/run.ts";

function rule(id: string): LintOptions {
  return only(rules.find(({ meta }) => meta.id === id) ?? assert.fail(id));
}

describe("a RUN in JSON form is checked like a command", () => {
  for (const [id, run] of [
    ["apt-get-yes", `["apt-get", "install", "curl"]`],
    ["pip-version", `["python3", "-m", "pip", "install", "flask"]`],
    ["sudo", `["sudo", "make"]`],
    ["pointless-command", `["service", "nginx", "start"]`],
    ["dnf-cache-left", `["dnf", "install", "-y", "gcc"]`],
    ["pipefail", `["/bin/bash", "-c", "curl -fsSL https://example.org/a | tar x"]`],
    ["apt-lists-left", `["sh", "-c", "apt-get update && apt-get install -y 'curl'"]`],
  ] as const) {
    test(`${id} finds ${run}`, () => assert.equal(lint(`FROM fedora:42\nRUN ${run}\n`, rule(id)).length, 1));
  }

  test("a finding marks the inside of the string", () => {
    checkDiagnostics(
      `FROM debian:12
RUN ["npm", "install", "express"]
                        ^^^^^^^ express has no version; write express@<version>
`,
      rule("npm-version"),
    );
  });

  test("SHELL and its pipefail don't apply to it", () => {
    const text = `FROM a:1
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN ["/bin/bash", "-c", "curl -fsSL https://example.org/a | tar x"]
`;
    assert.equal(lint(text, rule("pipefail")).length, 1);
  });

  test("variables are only read where a shell reads them", () => {
    const text = (run: string): string => `ARG VERSION=1\nFROM debian:12\nRUN ${run}\n`;
    assert.deepEqual(lint(text(`["touch", "$VERSION"]`), rule("arg-out-of-scope")), []);
    assert.equal(lint(text(`["sh", "-c", "touch $VERSION"]`), rule("arg-out-of-scope")).length, 1);
  });
});

describe("no fix writes shell text into a JSON array", () => {
  for (const run of [
    `["apt-get", "install", "curl"]`,
    `["sudo", "apk", "add", "curl"]`,
    `["pip", "install", "flask"]`,
    `["sh", "-c", "cd /src && wget https://example.org/a | tar x"]`,
    `["sh", "-c", "apt-get update"]`,
    `["ln", "-sf", "/bin/bash", "/bin/sh"]`,
  ]) {
    const text = `FROM debian:12\nRUN ${run}\nRUN ["true"]\nUSER 1000\n`;
    const severities = Object.fromEntries(rules.map(({ meta }) => [meta.id, "warning"] as const));
    test(run, () => {
      assert.ok(lint(text, { severities }).length > 0);
      assert.ok(fixed(text, { severities }).includes(`\nRUN ${run}\nRUN ["true"]\n`));
    });
  }

  test("the keyword of such a RUN can still be changed", () => {
    const text = `FROM debian:12\nUSER 1000\nrun ["true"]\n`;
    assert.equal(fixed(text, rule("instruction-casing")), `FROM debian:12\nUSER 1000\nRUN ["true"]\n`);
  });
});
