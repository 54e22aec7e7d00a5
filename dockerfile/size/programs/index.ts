import { apt } from "./apt.ts";
import type { ProgramEstimator } from "./program.ts";

/** Every estimator of what a program adds. */
export const programEstimators: readonly ProgramEstimator[] = [apt];
