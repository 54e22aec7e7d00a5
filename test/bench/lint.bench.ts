// Parsing and linting open files, warm; and files designed to take long.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runRules } from "../../dockerfile/lint/run.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { createBuild } from "../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { knownFacts, shell } from "../support/dockerfile/check.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { measure, print, printFigure } from "./figures.ts";
import { fileOf } from "./dockerfiles/mixedFile.ts";

const samples: readonly (readonly [string, string])[] = [
  ["100 lines", fileOf(100)],
  ["1,000 lines", fileOf(1_000)],
  ["8,000 lines", fileOf(8_000)],
  [
    "5,000-line heredoc",
    `FROM debian:12\nRUN <<EOF\n${"cp -r a/b c && echo a line of a script that goes on\n".repeat(5_000)}EOF\n`,
  ],
];

const warmUpMs = 2_000;
const microsecondsPerLine = 15;
const fixtures = join(projectFolder, "test/fixtures/dockerfiles");
const facts = knownFacts([]);
const timesOf = new Map<string, readonly number[]>();
let edits = 0;

type Family = readonly [name: (size: number) => string, size: number, text: (size: number) => string];

const many = (size: number, line: (index: number) => string): string =>
  Array.from({ length: size }, (_, i) => line(i)).join("");

const families: readonly Family[] = [
  [
    (size) => `${size} unknown among ${size} known names`,
    2_000,
    (size) =>
      `FROM scratch\n${many(size, (i) => `ENV NAME_${i}=1\n`)}${many(size, (i) => `LABEL l${i}=$NAMES_${i}\n`)}`,
  ],
  [
    (size) => `${size} undeclared ARG in FROM`,
    2_000,
    (size) => `${many(size, (i) => `ARG BASE_${i}=a\n`)}${many(size, (i) => `FROM $BASES_${i}\n`)}`,
  ],
  [
    (size) => `${size} stages, each on the one before`,
    4_000,
    (size) => `FROM scratch AS s0\n${many(size, (i) => `FROM s${i} AS s${i + 1}\nRUN a${i}\n`)}`,
  ],
  [
    (size) => `${size} stages, each with an argument of its own`,
    4_000,
    (size) => `FROM scratch AS s0\n${many(size, (i) => `FROM s${i} AS s${i + 1}\nARG V${i}\nCOPY $U${i} b\n`)}`,
  ],
  [
    (size) => `${size} continuations`,
    50_000,
    (size) => `FROM debian:12\nRUN a${many(size, (i) => ` \\\n && b${i}`)}\n`,
  ],
  [(size) => `${size} heredocs`, 12_000, (size) => `FROM debian:12\n${many(size, (i) => `RUN <<E\na${i}\nE\n`)}`],
  [
    (size) => `${size} COPY and RUN`,
    4_000,
    (size) => `FROM debian:12\n${many(size, (i) => `COPY a${i} /a${i}\nRUN rm /a${i}\n`)}`,
  ],
];
for (const [name, text] of samples) {
  // A server in use has run this code hundreds of times.
  for (const end = performance.now() + warmUpMs; performance.now() < end;) lint(`${text}\nRUN echo ${edits++}`);
  await measure(`parse ${name}`, 20, () => processorMs(() => parse(text)));
  // An edit of one line, as typed: results that are kept by content stay, the rest is computed again.
  const times: number[] = [];
  timesOf.set(name, times);
  await measure(`parse and lint ${name}, one line changed`, 120, () => {
    const ms = processorMs(() => lint(`${text}\nRUN echo ${edits++}`));
    times.push(ms);
    return ms;
  });
}
for (const [name, text] of samples) printPerLine(name, text.split("\n").length);
await lintFixtures();
dearest(fileOf(1_000));
hostile();

function lint(text: string): void {
  runRules(createBuild(parse(text), shell, facts));
}

/** The least is what the code takes: V8 collects garbage on several threads, which a busy machine makes dearer. */
function printPerLine(name: string, lines: number): void {
  const sorted = (timesOf.get(name) ?? []).toSorted((a, b) => a - b);
  const shown = [sorted[0], sorted[Math.floor(sorted.length / 2)]].map((ms = 0) => ((ms / lines) * 1000).toFixed(1));
  printFigure(
    `a line of ${name}`,
    `${shown[0]} µs`,
    `of the processor, least of ${sorted.length}; median ${shown[1]} µs; limit ${microsecondsPerLine} µs`,
  );
}

/** Real files are short: what each file costs counts as much as its lines. */
async function lintFixtures(): Promise<void> {
  const files = readdirSync(fixtures).map((name) => readFileSync(join(fixtures, name), "utf8"));
  const lintAll = (): void => files.forEach((text) => lint(`${text}\nRUN echo ${edits++}`));
  for (const end = performance.now() + warmUpMs; performance.now() < end;) lintAll();
  await measure(`parse and lint ${files.length} fixtures, a line changed in each`, 20, () => processorMs(lintAll));
}

/** CPU time, which is hardly affected by other load on the machine. */
function processorMs(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Prints the most expensive rules for 1,000 lines, each measured alone on a file whose shared results are already
 * computed.
 */
function dearest(text: string): void {
  const build = createBuild(parse(text), shell, facts);
  runRules(build);
  const times = rules.map((rule) => {
    const start = performance.now();
    for (let round = 0; round < 10; round++) runRules(build, { rules: [rule], severities: { [rule.meta.id]: "info" } });
    return [rule.meta.id, (performance.now() - start) / 10] as const;
  });
  for (const [id, ms] of times.toSorted((a, b) => b[1] - a[1]).slice(0, 6))
    print(`  rule ${id}, 1,000 lines`, ms, "alone, mean of 10");
}

/** Twice the size must take about twice the time: each family at three sizes, the fastest of three. */
function hostile(): void {
  for (const [name, size, make] of families) {
    const times = [size / 4, size / 2, size].map((count) => fastest(make(count)));
    const shown = times.map((ms) => `${ms.toFixed(0)} ms`).join(", ");
    printFigure(name(size), `× ${growth(times).toFixed(1)}`, `for twice the size: ${shown}`);
  }
}

function fastest(text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => processorMs(() => lint(text))));
}

function growth(times: readonly number[]): number {
  const [first = 1, , last = 1] = times;
  return Math.sqrt(last / first);
}
