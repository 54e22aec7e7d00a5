import { ignoreRules } from "../ignore/rules/index.ts";
import type { RuleMeta } from "../rule.ts";
import { rules } from "../rules/index.ts";

/** What is to be known of every rule, of Dockerfiles and of ignore files. */
export const everyRule: readonly RuleMeta[] = [...rules, ...ignoreRules].map(({ meta }) => meta);
