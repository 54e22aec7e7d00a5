import { join } from "node:path";
import { projectFolder } from "../../rig/machine/project.ts";

/** The measured builds: this checkout, and another one if IMAGEWRIGHT_BENCH_OLD names it. Both have a `dist/`. */
export interface Build {
  readonly name: string;
  readonly dist: string;
}

const old = process.env["IMAGEWRIGHT_BENCH_OLD"];

export const builds: readonly Build[] = [
  ...(old === undefined ? [] : [{ name: "before", dist: join(old, "dist") }]),
  { name: "now", dist: join(projectFolder, "dist") },
];
