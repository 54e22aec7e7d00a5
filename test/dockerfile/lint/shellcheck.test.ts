import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { decodeLintConfig } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import type { LintOptions } from "../../../dockerfile/lint/run.ts";
import rule from "../../../dockerfile/lint/rules/shellcheck.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { ignoreAtInstruction } from "../../../dockerfile/lint/fixes/ignoreComment.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { shellCheckLacks, shellCheckReports } from "../../support/dockerfile/shellCheckRig.ts";
import { mark, unmark } from "../../support/dockerfile/unmark.ts";

const suite = { skip: shellCheckLacks ?? false };

describe("ShellCheck's findings are located at their text", suite, () => {
  for (const [name, fixture] of Object.entries({
    "on a line": `FROM debian:12
RUN echo $foo
         ^^^^ SC2086
         ^^^^ SC2154
`,
    "after continuations, with comments in between": `FROM debian:12
RUN set -e; \\
    # the old one
    rm -r "$1"; \\

  # blank lines and comments are no part of the script
    cp $2 /srv
       ^^ SC2086
`,
    "in a word that is continued": `FROM debian:12
RUN echo ab$\\
           ^ SC2086
{1}cd
`,
    "after tabs and characters of two code units": "FROM debian:12\nRUN\tls '😀é'\t$1\n            \t^^ SC2086\n",
    "after flags": `FROM debian:12
RUN --mount=type=cache,target=/x --network=none echo $1
                                                     ^^ SC2086
`,
    "in a heredoc": `FROM debian:12
RUN <<EOF
echo ok
  echo $1
       ^^ SC2086
EOF
`,
    "in a heredoc whose first line names the interpreter": `FROM debian:12
RUN <<EOF
#!/usr/bin/env -S bash -e
a=(1 2)
echo \${a[0]}
     ^^^^^^^ SC2086
EOF
`,
    "in a heredoc that a shell reads": `FROM debian:12
RUN bash -e <<"EOF" && echo $2
                            ^^ SC2086
echo $1
     ^^ SC2086
EOF
`,
    "in ONBUILD": `FROM debian:12
ONBUILD RUN echo $1
                 ^^ SC2086
`,
    "in the second of two stages": `FROM debian:12 AS a
RUN echo $1
         ^^ SC2086
FROM a
RUN echo $1
         ^^ SC2086
`,
  })) {
    test(name, () => check(fixture));
  }

  test("findings are located in a file with carriage returns", async () => {
    const text = "FROM debian:12\r\nRUN true && \\\r\n  echo $1\r\n";
    const [found] = await shellCheckReports(text);
    assert.equal(text.slice(found?.span.start, found?.span.end), "$1");
  });
});

describe("the shell that ShellCheck assumes", suite, () => {
  test("the shell is sh by default, and bash after SHELL", () =>
    check(`FROM debian:12
RUN [[ -e /x ]]
    ^^^^^^^^^^^ SC3010
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN [[ -e /x ]]
`));
  test("a stage inherits the shell", () =>
    check(`FROM debian:12 AS a
SHELL ["bash", "-c"]
FROM a
RUN [[ -e /x ]]
`));
  test("SHELL's options that end it at an error are known", async () => {
    assert.deepEqual(await codes("FROM debian:12\nRUN cd /x; rm y\n"), ["SC2164"]);
    assert.deepEqual(await codes('FROM debian:12\nSHELL ["/bin/sh", "-ec"]\nRUN cd /x; rm y\n'), []);
  });
  for (const [name, text] of Object.entries({
    PowerShell: 'FROM debian:12\nSHELL ["pwsh", "-c"]\nRUN echo $foo\n',
    "zsh, which ShellCheck can't read": 'FROM debian:12\nSHELL ["zsh", "-c"]\nRUN echo $foo\n',
    "a shell set by hadolint's pragma": "FROM debian:12\n# hadolint shell=powershell\nRUN echo $foo\n",
    "the JSON form": 'FROM debian:12\nRUN ["echo", "$1"]\n',
    Python: "FROM debian:12\nRUN <<EOF\n#!/usr/bin/env python3\nprint $1\nEOF\nRUN python3 <<EOF\nprint $1\nEOF\n",
    "lines that the outer shell expands first": "FROM debian:12\nRUN bash <<EOF\necho $1\nEOF\n",
    CMD: "FROM debian:12\nCMD echo $1\n",
  })) {
    test(`ShellCheck isn't run for ${name}`, async () => assert.deepEqual(await codes(text), []));
  }
});

describe("variables in ShellCheck's scripts", suite, () => {
  for (const [name, text] of Object.entries({
    "of ARG": 'FROM debian:12\nARG foo\nRUN echo "$foo"\n',
    "of ENV, in quotes or not": 'FROM debian:12\nENV foo="a b"\nRUN echo $foo\n',
    "of a stage it is built on": 'FROM debian:12 AS a\nENV foo=1\nFROM a\nRUN echo "$foo"\n',
    "of the proxy": 'FROM debian:12\nRUN echo "$http_proxy"\n',
    "in a heredoc": 'FROM debian:12\nARG foo\nRUN <<EOF\necho "$foo"\nEOF\n',
  })) {
    test(`variables ${name} are set`, async () => assert.deepEqual(await codes(text), []));
  }
  test("variables of another stage aren't set", async () =>
    assert.deepEqual(await codes('FROM debian:12 AS a\nARG foo\nFROM debian:12\nRUN echo "$foo"\n'), ["SC2154"]));
  test("a misspelled variable of the proxy is reported", async () =>
    assert.deepEqual(await codes('FROM debian:12\nRUN echo "$HTPPS_PROXY"\n'), ["SC2153"]));
  test("variables that are set later aren't set", async () =>
    assert.deepEqual(await codes('FROM debian:12\nRUN echo "$foo"\nARG foo\n'), ["SC2154"]));
});

describe("ShellCheck's findings are silenced", suite, () => {
  const run = "RUN echo $1\n";
  for (const [name, text] of Object.entries({
    "by ShellCheck's comment above": `FROM a:1\n# shellcheck disable=SC2086\n${run}`,
    "by ShellCheck's comment between lines":
      "FROM a:1\nRUN true; \\\n  # shellcheck disable=SC2086 # on purpose\n  echo $1\n",
    "by ShellCheck's comment for all": `FROM a:1\n# shellcheck disable=all\n${run}`,
    "by ShellCheck's comment in a heredoc": "FROM a:1\nRUN <<EOF\n# shellcheck disable=SC2086\ntrue\necho $1\nEOF\n",
    "by hadolint's comment": `FROM a:1\n# hadolint ignore=SC2086\n${run}`,
    "by hadolint's comment for the file": `# hadolint global ignore=SC2086\nFROM a:1\n${run}`,
    "by our comment": `FROM a:1\n# imagewright ignore=sc2086\n${run}`,
    "by our comment for all codes": `FROM a:1\n# imagewright ignore=shellcheck\n${run}`,
  })) {
    test(name, async () => assert.deepEqual(await codes(text), []));
  }
  test("ShellCheck's comment silences nothing else", async () =>
    assert.deepEqual(await codes(`FROM a:1\n# shellcheck disable=SC2046\n${run}`), ["SC2086"]));
});

test("ignoring a finding extends ShellCheck's comment if there is one", suite, async () => {
  const text = "FROM a:1\n# shellcheck disable=SC2046 # why\nRUN echo $1\n";
  const [found] = await shellCheckReports(text);
  assert.ok(found);
  assert.equal(applyChanges(text, ignoreAtInstruction(parse(text), found)), text.replace("SC2046", "SC2046,SC2086"));
});

describe("the severity of ShellCheck's findings", suite, () => {
  const severities = async (options: LintOptions["severities"]): Promise<string[]> =>
    (await shellCheckReports("FROM a:1\nRUN x=`ls`; cd $1\n", { severities: options ?? {} }))
      .map(({ rule: { id }, severity }) => `${id} ${severity}`)
      .sort();

  test("the severity is ShellCheck's own by default", async () =>
    assert.deepEqual(await severities({}), ["SC2006 hint", "SC2034 warning", "SC2086 info", "SC2164 warning"]));
  test("the severity can be set for all codes at once", async () =>
    assert.deepEqual(await severities({ shellcheck: "error" }), [
      "SC2006 error",
      "SC2034 error",
      "SC2086 error",
      "SC2164 error",
    ]));
  test("the severity of a code overrides that of all", async () =>
    assert.deepEqual(await severities({ shellcheck: "info", sc2086: "error", SC2034: "off" }), [
      "SC2006 info",
      "SC2086 error",
      "SC2164 info",
    ]));
  test("off for all codes overrides a single one", async () =>
    assert.deepEqual(await severities({ shellcheck: "off", SC2086: "error" }), []));
  test("the severity from a configuration applies", async () => {
    const { config } = decodeLintConfig("ignored: [SC2006, SC2164]\noverride:\n  error: [SC2086]\n");
    assert.deepEqual(await severities(config.severities), ["SC2034 warning", "SC2086 error"]);
  });
});

describe("fixes of ShellCheck's findings", suite, () => {
  test("quoting through continuations is unsafe, because word splitting may be intended", async () => {
    const text = "FROM a:1\nRUN true && \\\n  # why\n  cp \\\n    $1 \\\n    /srv\n";
    const [found, ...others] = await shellCheckReports(text);
    assert.equal(others.length, 0);
    const fix = found?.fix?.();
    assert.equal(fix?.safety, "unsafe");
    const mended = applyChanges(text, fix.changes);
    assert.equal(mended, text.replace("$1", '"$1"'));
    assert.deepEqual(await codes(mended), []);
  });
  test("a line of a heredoc is fixed", async () => {
    const text = "FROM a:1\nRUN <<EOF\n\tcp $1 /srv\nEOF\n";
    assert.equal(await fixedAll(text), text.replace("$1", '"$1"'));
  });
  test("fixes that keep the meaning are safe", async () => {
    const text = 'FROM a:1\nRUN x=`ls` && echo "$x"\n';
    const changes = safeFixes(await shellCheckReports(text));
    assert.equal(applyChanges(text, changes), 'FROM a:1\nRUN x=$(ls) && echo "$x"\n');
  });
  test("fixes with backslashes in backquotes are unsafe", async () =>
    assert.deepEqual(safeFixes(await shellCheckReports('FROM a:1\nRUN x=`echo \\\\a` && echo "$x"\n')), []));
  test("fixes keep continuations and comments in place", async () => {
    const text = "FROM a:1\nRUN x=`ls \\\n  # what\n  /` && cd $\\\n{1} \\\n\n";
    for (const { fix } of await shellCheckReports(text))
      for (const { span } of fix?.().changes ?? []) assert.ok(!text.slice(span.start, span.end).includes("\n"));
  });
});

test("the rule's example is the program's real finding", suite, async () => {
  for (const { bad } of rule.meta.examples) {
    const { text, marks } = unmark(bad);
    assert.deepEqual(
      (await shellCheckReports(text)).map(({ span }) => ({ ...span })),
      marks.map(({ start, end }) => ({ start, end })),
    );
  }
});

test("the rule doesn't throw on any prefix of a file", suite, async () => {
  const text =
    '# escape=`\nFROM a\nSHELL ["bash","-c"]\nRUN <<E\n#!/bin/sh\n# shellcheck disable=SC1\necho $1 `ls`\nE\nRUN x `\n # y\n $z <<"F"\n$1\nF\n';
  for (let end = 0; end <= text.length; end += 3)
    (await shellCheckReports(text.slice(0, end))).forEach((report) => report.fix?.());
});

async function codes(text: string): Promise<string[]> {
  return (await shellCheckReports(text)).map(({ rule: { id } }) => id);
}

async function fixedAll(text: string): Promise<string> {
  return applyChanges(
    text,
    (await shellCheckReports(text)).flatMap((report) => report.fix?.().changes ?? []),
  );
}

/** Checks that the findings' codes are the fixture's marks. */
async function check(fixture: string): Promise<void> {
  const { text, marks } = unmark(fixture);
  const found = (await shellCheckReports(text)).map(({ span, rule: { id } }) => ({ ...span, label: id }));
  assert.equal(mark(text, found), mark(text, marks));
}
