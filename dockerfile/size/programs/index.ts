import { apt } from "./apt.ts";
import { apk } from "./apk.ts";
import { npm } from "./npm.ts";
import { pip } from "./pip.ts";
import type { ProgramEstimator } from "./program.ts";

/** All estimators for programs. */
export const programEstimators: readonly ProgramEstimator[] = [apt, apk, npm, pip];
