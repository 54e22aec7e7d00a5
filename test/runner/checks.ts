import { join } from "node:path";
import { runCommand } from "../rig/machine/command.ts";
import { projectFolder } from "../rig/machine/project.ts";
import type { Counts, Step } from "./step.ts";

/** Bundles dist/, which the tests above unit level run. Counts only if it fails. */
export const buildStep: Step = {
  name: "build",
  run: () => program("esbuild.mjs").then(({ failed }) => ({ passed: 0, failed, skipped: 0 })),
};

/** Type check of all projects, as one test. */
export const typesStep: Step = { name: "types", run: () => program("node_modules/typescript/bin/tsc", "-b") };

/** ESLint over everything, as one test. */
export const lintStep: Step = { name: "lint", run: () => program("node_modules/eslint/bin/eslint.js", ".") };

/** Prettier over all its files, as one test. */
export const formatStep: Step = {
  name: "format",
  run: () => program("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
};

/** Ten times as long as the slowest takes on two cores. */
const maxCheckMs = 10 * 60_000;

async function program(script: string, ...args: string[]): Promise<Counts> {
  try {
    await runCommand(process.execPath, [join(projectFolder, script), ...args], {
      cwd: projectFolder,
      timeoutMs: maxCheckMs,
      output: "inherit",
    });
    return { passed: 1, failed: 0, skipped: 0 };
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
