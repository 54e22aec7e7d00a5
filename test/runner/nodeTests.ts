import { relative } from "node:path";
import { run } from "node:test";
import type { EventData } from "node:test";
import { inspect } from "node:util";
import { onInterrupt } from "../rig/machine/lifetime.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { isCi, type Counts } from "./step.ts";

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
  const missing: string[] = [];
  for await (const { type, data } of run({
    files: [...files],
    concurrency: options.concurrency,
    timeout: options.maxFileMs,
    signal: abort.signal,
  })) {
    if (type === "test:stdout" || type === "test:stderr") process.stdout.write(data.message);
    else if (type === "test:diagnostic" && options.print === "every test" && data.nesting > 0)
      console.log(`    ${data.message}`);
    else if (type === "test:pass") missing.push(...passed(data, options));
    else if (type === "test:fail") failures.push(...printedFailure(data));
    else if (type === "test:summary" && data.file === undefined) {
      counts.passed = data.counts.passed;
      counts.failed = data.counts.failed + data.counts.cancelled;
      counts.skipped = data.counts.skipped + data.counts.todo;
    }
  }
  forget();
  return {
    passed: counts.passed,
    failed: counts.failed + missing.length,
    skipped: counts.skipped - missing.length,
    failures: [...failures, ...missing],
  };
}

/**
 * True if a test was skipped for something that this machine lacks. Tests of other systems are skipped without a reason,
 * and those that run on request give the variable that requests them.
 */
export function lacksRig({ skip, details }: Pick<EventData.TestPass, "skip" | "details">): boolean {
  return details.type !== "suite" && typeof skip === "string" && !/^IMAGEWRIGHT_\w+=/.test(skip);
}

/** Prints a test that passed or was skipped; returns its title if the skip is a failure. */
function passed(test: EventData.TestPass, options: NodeTestOptions): readonly string[] {
  printPass(test, options);
  return isCi && lacksRig(test) ? [`${titleOf(test)}: ${String(test.skip)}`] : [];
}

function printPass(test: EventData.TestPass, { print }: NodeTestOptions): void {
  const isSkipped = test.skip !== undefined && test.skip !== false;
  const reason = typeof test.skip === "string" ? ` (${test.skip})` : "";
  if (isSkipped) console.log(`- skipped: ${test.name}${reason}`);
  else if (print === "every test" && test.details.type !== "suite")
    console.log(`✔ ${test.name} (${(test.details.duration_ms / 1000).toFixed(1)} s)`);
}

/** Prints a failure and returns its title, except for a parent, which fails because of its children. */
function printedFailure(test: EventData.TestFail): readonly string[] {
  const { error } = test.details;
  if ("failureType" in error && error.failureType === "subtestsFailed") return [];
  const title = titleOf(test);
  console.log(`✖ ${title}`);
  console.log(
    `${inspect(error.cause ?? error, { colors: process.stdout.isTTY, depth: 6 }).replaceAll(/^/gm, "    ")}\n`,
  );
  return [title];
}

function titleOf({ name, file, line }: EventData.TestPass | EventData.TestFail): string {
  return file === undefined ? name : `${name} (${relative(projectFolder, file)}:${line ?? 1})`;
}
