import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../../dockerfile/edit/applyChanges.ts";
import type { Change } from "../../../../dockerfile/edit/change.ts";
import type { Report } from "../../../../dockerfile/lint/rule.ts";
import { rules } from "../../../../dockerfile/lint/rules/index.ts";
import { safeFixes } from "../../../../dockerfile/lint/fixes/safeFixes.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../../../dockerfile/syntax/syntax.ts";
import { lint, only } from "../../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../../support/dockerfile/fixtures.ts";

/** Ways in which good files go bad, to get something to fix in real ones. */
const spoilers: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "with CRLF": (text) => text.replace(/\r?\n/g, "\r\n"),
  "without a last newline": (text) => text.trimEnd(),
  "without options": (text) =>
    text.replace(/ (?:--no-install-recommends|-y|--yes|--no-cache-dir|--no-cache|--non-interactive|-qqy)(?= )/g, ""),
  "without clean-up": (text) =>
    text.replace(/\s*(?:\\\n)?\s*&&\s*(?:rm -rf?|dnf clean|microdnf clean|zypper clean|apt-get clean)[^\\\n&;]*/g, ""),
  "without clean-up in lists": (text) =>
    text.replace(/;\s*(?:\\\n)?\s*rm -rf [^\\\n;&]*/g, "").replace(/^\s*rm -rf .*\n/gm, ""),
  "with ADD": (text) => text.replace(/^COPY (?!--from|--parents|--exclude|<<|\[)/gm, "ADD "),
  "without slashes": (text) => text.replace(/^(COPY .*\S)\/$/gm, "$1"),
  "with relative folders": (text) => text.replace(/^(WORKDIR )\//gm, "$1").replace(/^(COPY .* )\/(?=\S+$)/gm, "$1"),
  "in mixed case": (text) =>
    text
      .replace(/^(FROM|RUN|ENV) /gm, (word, _, offset: number) => (offset % 3 === 0 ? word.toLowerCase() : word))
      .replace(/ AS /g, " as "),
  "with capitals in names": (text) => text.replace(/ AS (\w)/g, (_, letter: string) => ` AS ${letter.toUpperCase()}`),
  "with old pairs": (text) =>
    text.replace(
      /^(ENV|LABEL) ([\w.]+)=("[^"\n]*"|[^\s"'\\]+)$/gm,
      (_, keyword: string, key: string, value: string) => `${keyword} ${key} ${value.replace(/^"|"$/g, "")}`,
    ),
  "with apt and sudo": (text) => text.replace(/\bapt-get (?=install|update)/g, "sudo apt "),
  "in shell form": (text) =>
    text.replace(
      /^(CMD|ENTRYPOINT) \["([\w/.-]+)"(?:, "([\w/.-]+)")?\]$/gm,
      (_, keyword: string, program: string, argument = "") => `${keyword} ${program} ${argument}`.trimEnd(),
    ),
  "with everything twice": (text) => text.replace(/^(?:CMD|ENTRYPOINT|HEALTHCHECK) [^\\\n]*$/gm, "$&\n$&"),
  "without declared arguments": (text) => text.replace(/^ARG [A-Z_ ]+\n/gm, ""),
  "with blank lines": (text) => text.replace(/\\\n(?=\s*&&)/g, "\\\n\n"),
  "with a cd": (text) => text.replace(/^(RUN )(?=[a-z])/gm, "$1cd /opt && "),
  "with an old frontend": (text) =>
    text.replace(/^# syntax=docker\/dockerfile:1\S*/m, "# syntax=docker/dockerfile:1.1"),
  "with owners set later": (text) =>
    text.replace(
      /^COPY --chown=(\S+) (.*) (\/?[\w/.-]+)$/gm,
      (_, owner: string, rest: string, to: string) =>
        `COPY ${rest} ${to}\nRUN chown -R ${owner} ${to.startsWith("/") ? to : `./${to}`} && true`,
    ),
  "with platforms": (text) =>
    text.replace(/^FROM (?!--)/gm, (_, offset: number) =>
      offset % 2 === 0 ? "FROM --platform=linux/amd64 " : "FROM --platform=$TARGETPLATFORM ",
    ),
  "with a maintainer": (text) => text.replace(/^(FROM .*)$/m, "$1\nMAINTAINER Ada <ada@example.org>"),
  "with labels": (text) =>
    text.replace(
      /^(FROM .*)$/m,
      '$1\nLABEL Some--Key=1 org.opencontainers.image.source=github.com/acme/app org.opencontainers.image.created="2025-01-02 03:04:05Z"',
    ),
  "with slips": (text) =>
    text
      .replace(/^WORKDIR /m, "WROKDIR ")
      .replace(/--chown=/, "--chwon=")
      .replace(/--from=(\w{4,})(\w)(\w) /, "--from=$1$3$2 ")
      .replace(/^FROM (.*)\$\{?([A-Z_]{5,})([A-Z])\}?/m, "FROM $1${$2}"),
  "with wrong names": (text) =>
    text.replace(/(?<=^(?:COPY|WORKDIR|ENV|USER) .*)\$\{?([A-Z_]{5,})([A-Z])\}?/gm, "${$1}"),
  "with ports in capitals": (text) => text.replace(/^(EXPOSE \d+)(?:\/tcp)?$/gm, "$1/TCP"),
  "with pipes": (text) =>
    text.replace(/^RUN (?=[a-z])/gm, "RUN wget -q -O- https://example.org/list | grep x > /list && "),
  "with another shell": (text) => text.replace(/^(FROM (?!scratch).*)$/gm, "$1\nRUN ln -sf /bin/bash /bin/sh"),
  "with wget, yum, yarn and users": (text) =>
    text.replace(
      /^(FROM (?!scratch).*)$/gm,
      "$1\nRUN wget https://example.org/a && yum install b && yarn install && useradd -u 1234567 c",
    ),
  "with stages that clash, secrets and archives": (text) =>
    `${text.trimEnd()}\nFROM debian:12 AS extra\nARG API_TOKEN\nRUN echo $API_TOKEN\nCOPY extra.tgz /tmp/\nRUN tar -xzf /tmp/extra.tgz -C /opt\nFROM debian:12 AS extra\nFROM extra AS context\nCOPY --from=extra /a /a\nFROM context\n`,
  "with variables set at once": (text) => text.replace(/^(FROM .*)$/gm, "$1\nENV ROOT=/opt BIN=$ROOT/bin"),
};

/** The rules whose fix was tried. */
const tried = new Set<string>();

for (const [how, spoil] of Object.entries(spoilers)) {
  test(`each fix in real files ${how} removes its finding and changes nothing else`, () => {
    for (const { name, text } of dockerfileFixtures) {
      const spoilt = spoil(text);
      if (spoilt === text && how !== "as it is") continue;
      checkFixes(spoilt, `${name} ${how}`);
    }
  });
}

test("most rules with a fix had a finding to fix", () => {
  const never = fixable.map(({ meta }) => meta.id).filter((id) => !tried.has(id));
  // The rest needs a configuration, a build context or a mistake that isn't generated here; their examples have it.
  assert.ok(never.length * 4 <= fixable.length, never.join(", "));
});

test("applying safe fixes of all rules together terminates, and a second pass changes nothing", () => {
  for (const spoil of Object.values(spoilers)) {
    for (const { name, text } of dockerfileFixtures) {
      const once = mended(spoil(text));
      assert.equal(mended(once), once, name);
      assert.ok(parse(once).problems.length <= parse(spoil(text)).problems.length, name);
    }
  }
});

const fixable = rules.filter(({ meta }) => meta.fixSafety !== "none");
const allFixable = {
  rules: fixable,
  severities: Object.fromEntries(fixable.map(({ meta }) => [meta.id, "warning" as const])),
};

function checkFixes(text: string, where: string): void {
  const file = parse(text);
  const before = { text, file, errors: errors(text) };
  const byRule = new Map<string, Report[]>();
  for (const report of lint(text, allFixable))
    byRule.set(report.rule.id, [...(byRule.get(report.rule.id) ?? []), report]);
  for (const rule of fixable) {
    const reports = byRule.get(rule.meta.id) ?? [];
    const withFix = reports.filter((report) => report.fix);
    if (withFix.length > 0) tried.add(rule.meta.id);
    for (const report of withFix.slice(0, maxFixes)) {
      const changes = report.fix?.().changes ?? [];
      const after = applyChanges(text, changes);
      const at = `${where}, ${rule.meta.id}, ${JSON.stringify(text.slice(report.span.start, report.span.end))}:\n${after}`;
      const left = lint(after, only(rule)).filter(({ message }) => message === report.message);
      assert.ok(
        left.length < reports.filter(({ message }) => message === report.message).length,
        `the finding is still there: ${at}`,
      );
      checkRest(before, after, { changes, at });
    }
  }
}

// Per rule and file; the fifth wouldn't show anything new.
const maxFixes = 4;

interface Before {
  readonly text: string;
  readonly file: Dockerfile;
  readonly errors: number;
}

function checkRest(
  before: Before,
  after: string,
  { changes, at }: { readonly changes: readonly Change[]; readonly at: string },
): void {
  const parsed = parse(after);
  assert.ok(parsed.problems.length <= before.file.problems.length, `there is a new problem: ${at}`);
  assert.ok(errors(after) <= before.errors, `there is a new error: ${at}`);
  const remaining = new Set(parsed.instructions.map(({ span }) => after.slice(span.start, span.end)));
  for (const { span } of before.file.instructions) {
    const isTouched = changes.some((change) => change.span.start <= span.end && span.start <= change.span.end);
    const written = before.text.slice(span.start, span.end);
    assert.ok(isTouched || remaining.has(written), `${written} is gone or changed: ${at}`);
  }
}

const errorRules = { rules: rules.filter(({ meta }) => meta.severity === "error") };

function errors(text: string): number {
  return lint(text, errorRules).length;
}

function mended(text: string): string {
  let current = text;
  for (let round = 0; round < maxRounds; round++) {
    const changes = safeFixes(lint(current));
    if (changes.length === 0) return current;
    current = applyChanges(current, changes);
  }
  return assert.fail(`no end of fixing:\n${current}`);
}

// Fixes that touch the same text wait for the next round.
const maxRounds = 10;
