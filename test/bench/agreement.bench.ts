// Compares the rules with the cases of other linters' own tests, and with hadolint's program on the fixtures.
// IMAGEWRIGHT_BENCH_BUILDKIT and IMAGEWRIGHT_BENCH_HADOLINT name folders with their sources. docs/differences.md
// explains what remains.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFacts, scopeOf } from "../../cli/src/facts.ts";
import { runRules } from "../../dockerfile/lint/run.ts";
import type { Report } from "../../dockerfile/lint/rule.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { buildWithFacts, readBuildText } from "../../dockerfile/semantics/createBuild.ts";
import { lineNumbersIn } from "../../dockerfile/syntax/lineNumber.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { configured, lint as lintText, shell } from "../support/dockerfile/check.ts";
import { buildkitCases } from "./agreement/buildkitCases.ts";
import { deliberateDifference } from "./agreement/deliberate.ts";
import { hadolintCases } from "./agreement/hadolintCases.ts";
import { hadolintOnFixtures } from "./agreement/hadolintOnFixtures.ts";
import type { PeerCase, PeerFindings } from "./agreement/peerCase.ts";
import { printFigure } from "./figures.ts";

const facts = openFacts("offline");
const folder = mkdtempSync(join(tmpdir(), "agreement-bench-"));
/** Each rule is asked for what its own tests say, also one that is off by default. */
const severities = Object.fromEntries(
  rules.map(({ meta }) => [meta.id, meta.severity === "off" ? "warning" : meta.severity] as const),
);
try {
  await compare("BuildKit", "IMAGEWRIGHT_BENCH_BUILDKIT", buildkitCases);
  await compare("hadolint", "IMAGEWRIGHT_BENCH_HADOLINT", hadolintCases);
  await compareOnFixtures();
} finally {
  facts.dispose();
  rmSync(folder, { recursive: true });
}

async function compare(peer: string, variable: string, read: (sources: string) => readonly PeerCase[]): Promise<void> {
  const sources = process.env[variable];
  if (sources === undefined) return console.log(`${peer}: ${variable} names no folder with its sources`);
  const cases = read(sources);
  const results: { readonly name: string; readonly outcome: Outcome }[] = [];
  for (const [index, one] of cases.entries()) results.push({ name: one.name, outcome: await outcomeOf(one, index) });
  const share = (agrees: (outcome: Outcome) => boolean): readonly [string, string] => {
    const agreed = results.filter(({ outcome }) => agrees(outcome)).length;
    return [`${((100 * agreed) / cases.length).toFixed(1)} %`, `${agreed} of ${cases.length} cases`];
  };
  printFigure(`${peer}: the same rules find something`, ...share(({ hasSameRules }) => hasSameRules));
  const rows = results.flatMap(({ outcome }) => outcome.row ?? []);
  if (rows.length > 0)
    printFigure(
      `${peer}: also counting what docs/differences.md explains`,
      ...share(({ hasSameRules, row }) => hasSameRules || row !== undefined),
    );
  for (const row of new Set(rows)) console.log(`  ${rows.filter((it) => it === row).length} × ${row}`);
  if (cases.some((one) => "expected" in one))
    printFigure(`${peer}: in the same lines, too`, ...share(({ differences }) => differences.length === 0));
  for (const { name, outcome } of results)
    if (outcome.differences.length > 0 && outcome.row === undefined)
      console.log(`  ${JSON.stringify(name)}: ${outcome.differences.join(", ")}`);
}

/** Counts the rules that find something in each fixture, here and by hadolint's program. */
async function compareOnFixtures(): Promise<void> {
  const fixtures = await hadolintOnFixtures();
  const counts = { both: 0, here: 0, hadolint: 0 };
  for (const { text, codes } of fixtures) {
    const own = new Set(lintText(text, { severities }).flatMap(({ rule }) => rule.aliases.filter(isHadolintCode)));
    for (const code of new Set([...own, ...codes]))
      counts[!own.has(code) ? "hadolint" : codes.has(code) ? "both" : "here"]++;
  }
  const { both, here, hadolint } = counts;
  const note = `of ${both + hadolint} in ${fixtures.length} fixtures; ${here} only here`;
  printFigure("hadolint's program: findings that both have", String(both), note);
}

function isHadolintCode(alias: string): boolean {
  return /^DL\d{4}$/.test(alias);
}

interface Outcome {
  readonly hasSameRules: boolean;
  readonly differences: readonly string[];
  /** The beginning of the row of docs/differences.md that explains the differences. */
  readonly row?: string | undefined;
}

async function outcomeOf(one: PeerCase, index: number): Promise<Outcome> {
  if ("rule" in one) {
    const reports = await lint(one, index, { severities, ...configured(one.config) });
    const isFound = reports.some(({ rule }) => rule.aliases.includes(one.rule));
    if (isFound === one.isFound) return { hasSameRules: true, differences: [] };
    const difference = deliberateDifference(one.rule, isFound ? "here" : "hadolint", one.dockerfile);
    return {
      hasSameRules: false,
      differences: [`${one.rule} ${isFound ? "here only" : "not here"}`],
      row: difference?.row,
    };
  }
  const lineAt = lineNumbersIn(one.dockerfile);
  const found = (await lint(one, index, {})).flatMap(({ rule, span }) => {
    const name = rule.aliases.find((alias) => /^[A-Z]+[a-z]/.test(alias));
    return name === undefined ? [] : [{ rule: name, line: lineAt(span.start) }];
  });
  return compareFindings(found, one.expected);
}

type Finding = PeerFindings[number];

function compareFindings(found: PeerFindings, expected: PeerFindings): Outcome {
  const text = ({ rule, line }: Finding): string => `${rule} in line ${line}`;
  const lacks = (all: PeerFindings) => (one: Finding) => !all.some((other) => text(other) === text(one));
  const rulesOf = (all: PeerFindings): string => [...new Set(all.map(({ rule }) => rule))].sort().join();
  return {
    hasSameRules: rulesOf(found) === rulesOf(expected),
    differences: [
      ...found.filter(lacks(expected)).map((one) => `here only: ${text(one)}`),
      ...expected.filter(lacks(found)).map((one) => `not here: ${text(one)}`),
    ],
  };
}

async function lint(
  { dockerfile, ignoreFile }: PeerCase,
  index: number,
  options: Parameters<typeof runRules>[1],
): Promise<readonly Report[]> {
  const context = join(folder, String(index));
  mkdirSync(context);
  const path = join(context, "Dockerfile");
  writeFileSync(path, dockerfile);
  if (ignoreFile !== undefined) writeFileSync(join(context, ".dockerignore"), ignoreFile);
  const text = readBuildText(parse(dockerfile), shell);
  const scope = scopeOf(path, context);
  return facts.read(scope, (known) => runRules(buildWithFacts(text, known), options), AbortSignal.timeout(60_000));
}
