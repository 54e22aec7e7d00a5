import { relative } from "node:path";
import { run } from "node:test";
import type { EventData } from "node:test";
import { inspect } from "node:util";
import { onInterrupt } from "../rig/machine/lifetime.ts";
import { projectFolder } from "../rig/machine/project.ts";
import type { Counts } from "./step.ts";

export interface NodeTestOptions {
  /** The number of files to run in parallel. */
  readonly concurrency: number;
  /** "failures" for many quick tests; "every test" for few slow ones, to show progress. */
  readonly print: "failures" | "every test";
  /** The time limit for a file that hangs. */
  readonly maxFileMs: number;
}

/** Runs test files with Node's own test runner, each in its own process, and counts by its events. */
export async function runNodeTests(files: readonly string[], options: NodeTestOptions): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const abort = new AbortController();
  const forget = onInterrupt(() => Promise.resolve(abort.abort()));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  for await (const { type, data } of run({
    files: [...files],
    concurrency: options.concurrency,
    timeout: options.maxFileMs,
    signal: abort.signal,
  })) {
    if (type === "test:stdout" || type === "test:stderr") process.stdout.write(data.message);
    else if (type === "test:diagnostic" && options.print === "every test" && data.nesting > 0)
      console.log(`    ${data.message}`);
    else if (type === "test:pass") printPass(data, options);
    else if (type === "test:fail") failures.push(...printedFailure(data));
    else if (type === "test:summary" && data.file === undefined) {
      counts.passed = data.counts.passed;
      counts.failed = data.counts.failed + data.counts.cancelled;
      counts.skipped = data.counts.skipped + data.counts.todo;
    }
  }
  forget();
  return { ...counts, failures };
}

function printPass(test: EventData.TestPass, { print }: NodeTestOptions): void {
  const isSkipped = test.skip !== undefined && test.skip !== false;
  const reason = typeof test.skip === "string" ? ` (${test.skip})` : "";
  if (isSkipped) console.log(`- skipped: ${test.name}${reason}`);
  else if (print === "every test" && test.details.type !== "suite")
    console.log(`✔ ${test.name} (${(test.details.duration_ms / 1000).toFixed(1)} s)`);
}

/** Prints a failure and returns its title, except for a parent, which fails because of its children. */
function printedFailure({ name, file, line, details: { error } }: EventData.TestFail): readonly string[] {
  if ("failureType" in error && error.failureType === "subtestsFailed") return [];
  const title = file === undefined ? name : `${name} (${relative(projectFolder, file)}:${line ?? 1})`;
  console.log(`✖ ${title}`);
  console.log(
    `${inspect(error.cause ?? error, { colors: process.stdout.isTTY, depth: 6 }).replaceAll(/^/gm, "    ")}\n`,
  );
  return [title];
}
