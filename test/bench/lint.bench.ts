// Parsing and linting what an editor has open, warm; and the CLI over the fixture corpus, beside hadolint where it is on the PATH.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runRules } from "../../dockerfile/lint/run.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { createBuild } from "../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { findProgram } from "../rig/machine/systemPackages.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { knownFacts, shell } from "../support/dockerfile/check.ts";
import { measure, print } from "./figures.ts";
import { fileOf } from "./mixedFile.ts";

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
const facts = knownFacts([]);
const medians = new Map<string, number>();
let edits = 0;
for (const [name, text] of samples) {
  // A server that people type into has run this code hundreds of times.
  for (const end = performance.now() + warmUpMs; performance.now() < end;) lint(`${text}\nRUN echo ${edits++}`);
  await measure(`parse ${name}`, 20, () => void parse(text));
  // An edit of one line, as typed: results that are kept by content stay, the rest is computed again.
  medians.set(
    name,
    await measure(`parse and lint ${name}, one line changed`, 20, () => void lint(`${text}\nRUN echo ${edits++}`)),
  );
}
const perLine = (name: string, lines: number): number => ((medians.get(name) ?? 0) / lines) * 1000;
console.log(
  `a line: ${perLine("100 lines", 100).toFixed(1)} µs of 100, ${perLine("1,000 lines", 1_000).toFixed(1)} µs of 1,000, ${perLine("8,000 lines", 8_000).toFixed(1)} µs of 8,000`,
);
dearest(fileOf(1_000));
await corpus();

function lint(text: string): void {
  runRules(createBuild(parse(text), shell, facts));
}

/** The rules that take the most of 1,000 lines, each measured alone on a file that all have looked at. */
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

/** The same files in one process of each, from its start to its end. */
async function corpus(): Promise<void> {
  // In a folder of their own: what stands around them would be taken for their build context.
  const folder = mkdtempSync(join(tmpdir(), "lint-bench-"));
  cpSync(join(projectFolder, "test/fixtures/dockerfiles"), folder, { recursive: true });
  const files = readdirSync(folder).map((name) => join(folder, name));
  const kilobytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000;
  console.log(`\n${files.length} Dockerfiles of ${kilobytes.toFixed(1)} kB`);
  const cli = join(projectFolder, "dist/cli.js");
  await throughput(
    "imagewright lint without ShellCheck",
    process.execPath,
    [cli, "lint", "--no-network", "--no-shellcheck", "-f", "json", ...files],
    folder,
  );
  if (await findProgram("shellcheck"))
    await throughput(
      "imagewright lint with ShellCheck",
      process.execPath,
      [cli, "lint", "--no-network", "-f", "json", ...files],
      folder,
    );
  const hadolint = await findProgram("hadolint");
  if (hadolint) await throughput("hadolint, which has ShellCheck built in", hadolint, ["-f", "json", ...files], folder);
  else console.log("hadolint is not on the PATH, so there is nothing to compare with");
  rmSync(folder, { recursive: true });
}

async function throughput(label: string, program: string, args: readonly string[], cwd: string): Promise<void> {
  const median = await measure(label, 5, () => ended(program, args, cwd));
  console.log(`  ${((readdirSync(cwd).length / median) * 1000).toFixed(0)} files/s`);
}

function ended(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd, maxBuffer: 256 * 1024 * 1024, timeout: 120_000 }, (error) => {
      // Findings are an exit code of their own.
      if (error && error.code !== 1) reject(error);
      else resolve();
    });
  });
}
