export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The failed tests, one per line, if the step knows them. */
  readonly failures?: readonly string[];
}

export interface Result extends Counts {
  readonly name: string;
  readonly durationMs: number;
}

/** A part of `npm test`: prints failures as it runs, and returns its counts. */
export interface Step {
  readonly name: string;
  run(): Promise<Counts>;
}

/** True if missing programs can't be installed by hand: a skip would then hide a test. */
export const isCi = !["", "0", "false"].includes(process.env["CI"] ?? "");

/** Runs a step under a heading. A step that throws is one failure, and the others still run. */
export async function runStep(step: Step): Promise<Result> {
  console.log(`\n== ${step.name}`);
  const startedMs = Date.now();
  const counts = await step.run().catch((error: unknown) => {
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  const result = { name: step.name, ...counts, durationMs: Date.now() - startedMs };
  console.log(`${inWords(result)} (${seconds(result)})`);
  return result;
}

/** Counts tests that can't run here: as a visible skip locally, as a failure in CI. */
export function cannotRun(tests: number, because: string): Counts {
  console.log(`${isCi ? "FAILED" : "SKIPPED"}, ${tests} test file(s) did not run: ${because}`);
  return isCi ? { passed: 0, failed: tests, skipped: 0 } : { passed: 0, failed: 0, skipped: tests };
}

/**
 * Formats the table of all steps, the failed tests (a log may be truncated to its end) and, in the last line, the
 * total.
 */
export function summarize(results: readonly Result[]): string {
  const rows = results.map((result) =>
    [
      result.name.padEnd(8),
      ...[result.passed, result.failed, result.skipped].map((count) => String(count).padStart(8)),
      seconds(result).padStart(10),
    ].join(""),
  );
  const head = `${"".padEnd(8)}${"passed".padStart(8)}${"failed".padStart(8)}${"skipped".padStart(8)}${"time".padStart(10)}`;
  const total = { passed: sum(results, "passed"), failed: sum(results, "failed"), skipped: sum(results, "skipped") };
  const failures = results.flatMap((result) =>
    (result.failures ?? []).map((failure) => `✖ ${result.name}: ${failure}`),
  );
  return ["", head, ...rows, "", ...failures, inWords(total)].join("\n");
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function seconds({ durationMs }: Result): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

function sum(results: readonly Counts[], key: "passed" | "failed" | "skipped"): number {
  return results.reduce((total, result) => total + result[key], 0);
}
