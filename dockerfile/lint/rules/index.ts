import type { LintRule } from "../rule.ts";
export const rules: readonly LintRule[] = [];
