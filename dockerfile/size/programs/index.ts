import { apt } from "./apt.ts";
import { apk } from "./apk.ts";
import { corepack } from "./corepack.ts";
import { npm } from "./npm.ts";
import { pip } from "./pip.ts";
import { pnpm } from "./pnpm.ts";
import type { ProgramEstimator } from "./program.ts";
import { yarn } from "./yarn.ts";

/** All estimators for programs. */
export const programEstimators: readonly ProgramEstimator[] = [apt, apk, corepack, npm, pip, pnpm, yarn];
