import type { LintInput, LintRule, Report, RuleMeta, Severity } from "./rule.ts";
import { defaultRuleConfig, type RuleConfig } from "./config/ruleConfig.ts";
import { rules as allRules } from "./rules/index.ts";
import type { Build } from "../semantics/build.ts";
import { isBuildkitCheck, readSuppressions, type Suppressions } from "./config/suppressions.ts";

export interface LintOptions {
  /** By rule id or alias, in any case; a rule not named has its own severity. */
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  /** What the rules are told of the user's configuration. */
  readonly config?: RuleConfig;
  /** "ignored": comments and directives silence nothing. */
  readonly suppressions?: "honoured" | "ignored";
  /** Told of a rule that threw; only that rule's findings are lost. */
  readonly onCrash?: (ruleId: string, error: unknown) => void;
  /** Every rule there is unless given. */
  readonly rules?: readonly LintRule[];
}

/** Runs the enabled rules over a Dockerfile. In the file's order; never throws. */
export function runRules(build: Build, options: LintOptions = {}): Report[] {
  const input: LintInput = { build, facts: build.facts, config: options.config ?? defaultRuleConfig };
  const severities = new Map(
    Object.entries(options.severities ?? {}).map(([name, severity]) => [name.toLowerCase(), severity]),
  );
  const suppressions = readSuppressions(build.file, input.config.isIgnorePragmaDisabled ? "buildkit" : "all");
  const reports = (options.rules ?? allRules).flatMap((rule) => {
    const severity = severityOf(rule.meta, severities, suppressions);
    if (severity === "off") return [];
    return reportsOf(rule, input, options).flatMap((report): Report[] => {
      const own = report.rule === rule.meta ? severity : severityOf(report.rule, severities, suppressions);
      return own === "off" ? [] : [{ ...report, severity: own }];
    });
  });
  const shown =
    options.suppressions === "ignored"
      ? reports
      : reports.filter((report) => !suppressions.isSuppressed(report.rule, report.span));
  return shown.sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule.id < b.rule.id ? -1 : 1),
  );
}

function severityOf(
  rule: RuleMeta,
  severities: ReadonlyMap<string, Severity | "off">,
  suppressions: Suppressions,
): Severity | "off" {
  for (const name of [rule.id, ...rule.aliases]) {
    const severity = severities.get(name.toLowerCase());
    if (severity) return severity;
  }
  // `# check=experimental=…` switches on what BuildKit leaves off.
  return rule.severity === "off" && isBuildkitCheck(rule) && suppressions.isExperimental(rule)
    ? "warning"
    : rule.severity;
}

function reportsOf(rule: LintRule, input: LintInput, { onCrash }: LintOptions): Omit<Report, "severity">[] {
  try {
    return [...rule.reports(input)];
  } catch (error) {
    onCrash?.(rule.meta.id, error);
    return [];
  }
}
