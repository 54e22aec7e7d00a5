// The entry point for the extension host: loads the suite's files and runs them with mocha. Bundled by
// test/rig/vscode/hostSuite.ts, because extension hosts of older VS Codes don't run TypeScript.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mocha from "mocha";

/** Node 22 and Node 24 give another object for a required ES module; both have the class in it. */
const { Mocha } = mocha as typeof mocha & { readonly Mocha: typeof mocha };

/** One test of the host suite, as the runner reads it. */
export interface HostTest {
  readonly title: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly durationMs: number;
  readonly error?: string;
}

/** Runs every test file next to this one; rejects if one fails, and writes the outcome to the runner's file. */
export async function run(): Promise<void> {
  const { IMAGEWRIGHT_HOST_SUITE: suite = "", IMAGEWRIGHT_HOST_RESULT: result = "" } = process.env;
  const tests: HostTest[] = [];
  try {
    const mocha = new Mocha({ ui: "tdd", timeout: 30_000, reporter: collecting(tests) });
    for (const name of readdirSync(suite, { recursive: true, encoding: "utf8" }).sort()) {
      if (name.endsWith(".test.cjs")) mocha.addFile(join(suite, name));
    }
    const failures = await new Promise<number>((resolve) => mocha.run(resolve));
    if (failures > 0) throw new Error(`${failures} of the host suite's tests failed`);
  } catch (error) {
    // A file that can't be loaded must be reported as well.
    if (!tests.some(({ state }) => state === "failed"))
      tests.push({ title: "the host suite", state: "failed", durationMs: 0, error: inWords(error) });
    throw error;
  } finally {
    writeFileSync(result, JSON.stringify(tests));
  }
}

function collecting(tests: HostTest[]): typeof Mocha.reporters.Base {
  return class extends Mocha.reporters.Base {
    constructor(runner: mocha.Runner, options?: mocha.MochaOptions) {
      super(runner, options);
      const add = (test: mocha.Runnable, state: HostTest["state"], error?: unknown): void => {
        tests.push({
          title: test.fullTitle(),
          state,
          durationMs: test.duration ?? 0,
          ...(error === undefined ? {} : { error: inWords(error) }),
        });
      };
      runner.on("pass", (test) => add(test, "passed"));
      runner.on("pending", (test) => add(test, "skipped"));
      runner.on("fail", (test: mocha.Runnable, error: unknown) => add(test, "failed", error));
    }
  };
}

function inWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
