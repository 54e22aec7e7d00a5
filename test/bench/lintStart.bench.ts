// The command line from start to end, on one file and on 2,000, compared with hadolint in the same run; the server's
// memory.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { hadolintProgram } from "../rig/machine/hadolint.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { needPrograms, systemPrograms } from "../rig/machine/systemPackages.ts";
import { startLspClient } from "../support/lspClient.ts";
import { printFigure } from "./figures.ts";
import { childrenOf, runMeasured, watchPeak, type ProcessFigures } from "./lint/processes.ts";

const corpusFiles = 2_000;
const fixtures = join(projectFolder, "test/fixtures/dockerfiles");
const cli = join(projectFolder, "dist/cli.js");

const folder = mkdtempSync(join(tmpdir(), "lint-bench-"));
try {
  await needPrograms([systemPrograms.shellcheck]);
  const hadolint = await hadolintProgram();
  const lint = (...args: string[]): Program => [process.execPath, [cli, "lint", "--no-network", "-f", "json", ...args]];

  const [one] = writeFiles(join(folder, "one"), 1);
  if (one === undefined) throw new Error("there is no fixture");
  console.log(`one file, ${readFileSync(one, "utf8").split("\n").length} lines`);
  await byTurns(9, {
    "node, which does nothing": [process.execPath, ["-e", "0"]],
    "imagewright lint without ShellCheck": lint("--no-shellcheck", one),
    "imagewright lint with ShellCheck": lint(one),
    "hadolint, which has ShellCheck built in": [hadolint, ["-f", "json", one]],
  });

  const files = writeFiles(join(folder, "many"), corpusFiles);
  console.log(`\n${files.length} files, no two with the same scripts`);
  await byTurns(2, {
    "imagewright lint without ShellCheck": lint("--no-shellcheck", ...files),
    "imagewright lint with ShellCheck": lint(...files),
    "hadolint, which has ShellCheck built in": [hadolint, ["-f", "json", ...files]],
  });

  console.log("");
  await serverMemory(one);
} finally {
  rmSync(folder, { recursive: true });
}

type Program = readonly [string, readonly string[]];

/** Prints the fastest run, because the machine is shared, and the highest memory. */
async function byTurns(runs: number, programs: Readonly<Record<string, Program>>): Promise<void> {
  const taken = new Map<string, ProcessFigures[]>(Object.keys(programs).map((label) => [label, []]));
  for (let run = 0; run < runs; run++)
    for (const [label, [program, args]] of Object.entries(programs))
      taken.get(label)?.push(await runMeasured(program, args, folder));
  for (const [label, figures] of taken) {
    const ms = Math.min(...figures.map((it) => it.ms));
    const note = `${processorTime(figures)}${memory(figures)}, fastest of ${runs} by turns`;
    printFigure(label, `${(ms / 1000).toFixed(2)} s`, note);
  }
}

function processorTime(figures: readonly ProcessFigures[]): string {
  const known = figures.flatMap(({ cpuMs }) => cpuMs ?? []);
  return known.length === 0 ? "" : `${(Math.min(...known) / 1000).toFixed(2)} s of the processor, `;
}

function memory(figures: readonly ProcessFigures[]): string {
  const known = figures.flatMap(({ peakBytes }) => peakBytes ?? []);
  return known.length === 0 ? "memory not measured" : megabytes(Math.max(...known));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Repeats fixtures. Each stage of a copy has its own variable, which prevents the reuse of results. */
function writeFiles(target: string, count: number): readonly string[] {
  mkdirSync(target);
  const names = readdirSync(fixtures);
  return Array.from({ length: count }, (_, index) => {
    const name = names[index % names.length] ?? "";
    const path = join(target, `${index}-${name}`);
    if (index < names.length) copyFileSync(join(fixtures, name), path);
    else
      writeFileSync(path, readFileSync(join(fixtures, name), "utf8").replace(/^FROM .*$/gm, `$&\nARG COPY_${index}`));
    return path;
  });
}

/**
 * Measures from the server's start until shortly after its first response, when V8's background work would be under
 * way.
 */
async function serverMemory(path: string): Promise<void> {
  const before = new Set(await childrenOf(process.pid));
  const client = await startLspClient({ serverPath: join(projectFolder, "dist/server.js"), folder });
  const [pid = 0] = (await childrenOf(process.pid)).filter((child) => !before.has(child));
  const peak = watchPeak(pid);
  const timer = setInterval(() => peak.look(), 5);
  const uri = pathToFileURL(path).href;
  client.open(uri, readFileSync(path, "utf8"));
  await client.diagnostics(uri);
  await sleep(3_000);
  clearInterval(timer);
  await client.stop();
  const note = "at its highest, until 3 s after the first file";
  printFigure("language server", peak.bytes === undefined ? "not measured" : megabytes(peak.bytes), note);
}
