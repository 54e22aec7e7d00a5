import { globSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../rig/machine/project.ts";

/** The steps with test files; the others, build, types and lint, check everything. */
export const testSteps = ["unit", "engine", "host", "ui"] as const;
export type TestStep = (typeof testSteps)[number];

/** The parts of `npm test` selected by its arguments. */
export interface Selection {
  /** True if nothing was left out: types and lint run too. */
  readonly isWhole: boolean;
  readonly files: Readonly<Record<TestStep, readonly string[]>>;
}

/** The files of each step; unit has the rest. */
const patterns: Readonly<Record<TestStep, string>> = {
  unit: "test/**/*.test.ts",
  engine: "test/engine/**/*.test.ts",
  host: "test/e2e/host/**/*.test.ts",
  ui: "test/e2e/ui/**/*.test.ts",
};

/**
 * Arguments are names of steps, and parts of file paths; without any, everything is selected. Undefined if no file
 * matches.
 */
export function select(args: readonly string[]): Selection | undefined {
  const steps = args.filter((arg): arg is TestStep => testSteps.some((step) => step === arg));
  const paths = args.filter((arg) => !testSteps.some((step) => step === arg)).map((path) => path.replace(/^\.\//, ""));
  const wanted = steps.length === 0 ? testSteps : steps;
  const files: Record<TestStep, readonly string[]> = { unit: [], engine: [], host: [], ui: [] };
  for (const step of wanted) {
    const found = filesOf(step);
    files[step] = paths.length === 0 ? found : found.filter((file) => paths.some((path) => file.includes(path)));
  }
  if (args.length > 0 && testSteps.every((step) => files[step].length === 0)) return undefined;
  return { isWhole: args.length === 0, files };
}

function filesOf(step: TestStep): string[] {
  const found = globSync(patterns[step], { cwd: projectFolder });
  const own = step === "unit" ? found.filter((file) => !/^test\/(engine|e2e)\//.test(file)) : found;
  return own.sort().map((file) => join(projectFolder, file));
}
