import { apt } from "./apt.ts";
import { apk } from "./apk.ts";
import { corepack } from "./node/corepack.ts";
import { npm } from "./node/npm.ts";
import { pip } from "./pip.ts";
import { pnpm } from "./node/pnpm.ts";
import type { ProgramEstimator } from "./program.ts";
import { yarn } from "./node/yarn.ts";

/** All estimators for programs. */
export const programEstimators: readonly ProgramEstimator[] = [apt, apk, corepack, npm, pip, pnpm, yarn];
