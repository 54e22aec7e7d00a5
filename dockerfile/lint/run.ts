import type { LintInput, LintRule, Report, RuleMeta, Severity } from "./rule.ts";
import { defaultRuleConfig, type RuleConfig } from "./config/ruleConfig.ts";
import { rules as allRules } from "./rules/index.ts";
import type { Build } from "../semantics/build.ts";
import { isBuildkitCheck, readSuppressions, type Suppressions } from "./config/suppressions.ts";
import { asOneStage } from "./fragment.ts";
import { runEnabled, type RunOptions } from "./runEnabled.ts";

export interface LintOptions extends RunOptions {
  /** What the rules are told of the user's configuration. */
  readonly config?: RuleConfig;
  /** "ignored": comments and directives silence nothing. */
  readonly suppressions?: "honoured" | "ignored";
  /** Defaults to all rules. */
  readonly rules?: readonly LintRule[];
}

/** Runs the enabled rules over a Dockerfile; one without FROM is taken for a stage. In the file's order; never throws. */
export function runRules(written: Build, options: LintOptions = {}): Report[] {
  const build = asOneStage(written);
  const input: LintInput = { build, facts: build.facts, config: options.config ?? defaultRuleConfig };
  const suppressions = readSuppressions(build.file, input.config.isIgnorePragmaDisabled ? "buildkit" : "all");
  const reports = runEnabled(options.rules ?? allRules, input, options, (rule) => severityOf(rule, suppressions));
  return options.suppressions === "ignored"
    ? reports
    : reports.filter((report) => report.isFailure || !suppressions.isSuppressed(report.rule, report.span));
}

/** `# check=experimental=…` switches on what BuildKit leaves off. */
function severityOf(rule: RuleMeta, suppressions: Suppressions): Severity | "off" {
  return rule.severity === "off" && isBuildkitCheck(rule) && suppressions.isExperimental(rule)
    ? "warning"
    : rule.severity;
}
