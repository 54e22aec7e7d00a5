import { ignoreRules } from "../ignore/rules/index.ts";
import type { RuleMeta } from "../rule.ts";
import { rules } from "../rules/index.ts";

/** The metadata of every rule, for Dockerfiles and for ignore files. */
export const allRules: readonly RuleMeta[] = [...rules, ...ignoreRules].map(({ meta }) => meta);
