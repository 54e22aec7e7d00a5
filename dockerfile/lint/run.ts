import type { LintInput, LintRule, Report, RuleMeta, Severity } from "./rule.ts";
import { defaultRuleConfig, type RuleConfig } from "./config/ruleConfig.ts";
import { rules as allRules } from "./rules/index.ts";
import notADockerfile from "./rules/not-a-dockerfile.ts";
import { foreignText } from "./subject/foreignText.ts";
import { notDockerfileReason } from "./subject/fileNames.ts";
import type { Build } from "../semantics/build.ts";
import { isBuildkitCheck, readSuppressions, type Suppressions } from "./config/suppressions.ts";
import { asOneStage } from "./fragment.ts";
import { runEnabled, type RunOptions } from "./runEnabled.ts";

export interface LintOptions extends RunOptions {
  /** The part of the user's configuration that rules can see. */
  readonly config?: RuleConfig;
  /** "ignored": comments and directives don't silence anything. */
  readonly suppressions?: "honoured" | "ignored";
  /** The file's name, without folders: fixes of `Dockerfile.j2` and of a text named `Dockerfile.md` aren't safe. */
  readonly fileName?: string;
  /** Defaults to all rules. */
  readonly rules?: readonly LintRule[];
}

/**
 * Runs the enabled rules over a Dockerfile; one without FROM is treated as a stage. Returns reports in the file's
 * order; never throws. For a text that isn't a Dockerfile, only that is reported. The fixes of a template, or of what
 * its name and its text show not to be a Dockerfile, are never safe.
 */
export function runRules(written: Build, options: LintOptions = {}): Report[] {
  const build = asOneStage(written);
  const rules = options.rules ?? allRules;
  if (!foreignText(build.file))
    return notDockerfileReason(options.fileName ?? "", build.file) === undefined
      ? runThese(rules, build, options)
      : runThese(rules, build, options).map(withoutSafeFix);
  const notice = runThese(
    rules.filter(({ meta }) => meta === notADockerfile.meta),
    build,
    options,
  );
  // If the notice is off or silenced, the user wants to see the rest.
  return notice.length > 0 ? notice : runThese(rules, build, options).map(withoutSafeFix);
}

function runThese(rules: readonly LintRule[], build: Build, options: LintOptions): Report[] {
  const input: LintInput = { build, facts: build.facts, config: options.config ?? defaultRuleConfig };
  const suppressions = readSuppressions(build.file, input.config.isIgnorePragmaDisabled ? "buildkit" : "all");
  const reports = withoutFixesInArrays(
    build,
    runEnabled(rules, input, options, (rule) => severityOf(rule, suppressions)),
  );
  return options.suppressions === "ignored"
    ? reports
    : reports.filter((report) => report.isFailure || !suppressions.isSuppressed(report.rule, report.span));
}

/** Fixes write shell text, which doesn't fit into the strings of a RUN in JSON form. */
function withoutFixesInArrays({ file }: Build, reports: Report[]): Report[] {
  const arrays = file.instructions.flatMap((instruction) => {
    const { keyword, form, restSpan } = instruction.trigger ?? instruction;
    return keyword.value === "RUN" && form === "json" ? [restSpan] : [];
  });
  // Both are in the file's order.
  let next = 0;
  return reports.map((report) => {
    const { fix, ...rest } = report;
    while ((arrays[next]?.end ?? Infinity) <= report.span.start) next++;
    return fix && (arrays[next]?.start ?? Infinity) <= report.span.start ? rest : report;
  });
}

function withoutSafeFix(report: Report): Report {
  const { fix } = report;
  return fix ? { ...report, fix: () => ({ ...fix(), safety: "unsafe" }) } : report;
}

/** The severity of a rule. `# check=experimental=…` enables checks that BuildKit leaves off. */
function severityOf(rule: RuleMeta, suppressions: Suppressions): Severity | "off" {
  return rule.severity === "off" && isBuildkitCheck(rule) && suppressions.isExperimental(rule)
    ? "warning"
    : rule.severity;
}
