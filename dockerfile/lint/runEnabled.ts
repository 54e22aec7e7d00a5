import { textOf, withinLine, type LintRule, type Report, type RuleMeta, type Severity, type WithText } from "./rule.ts";

export interface RunOptions {
  /**
   * By rule id, alias or group, in any case; the rule's own name wins over its group's. An unnamed rule has its default
   * severity.
   */
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  /**
   * Called with a rule that threw, which is a bug. One report replaces that rule's findings; other rules aren't
   * affected.
   */
  readonly onCrash?: (ruleId: string, error: unknown) => void;
}

/**
 * Runs every rule that isn't off. Returns reports in the file's order; never throws. `defaultSeverity` applies to rules
 * that aren't named by an option.
 */
export function runEnabled<Input extends WithText>(
  rules: readonly LintRule<Input>[],
  input: Input,
  options: RunOptions,
  defaultSeverity: (rule: RuleMeta) => Severity | "off",
): Report[] {
  const severities = new Map(
    Object.entries(options.severities ?? {}).map(([name, severity]) => [name.toLowerCase(), severity]),
  );
  const severityOf = (rule: RuleMeta): Severity | "off" => configured(rule, severities) ?? defaultSeverity(rule);
  return rules
    .flatMap((rule) => {
      const severity = severityOf(rule.meta);
      if (severity === "off") return [];
      return reportsOf(rule, input, options).flatMap((report): Report[] => {
        const own = report.isFailure ? "error" : report.rule === rule.meta ? severity : severityOf(report.rule);
        return own === "off" ? [] : [{ ...report, severity: own }];
      });
    })
    .sort(byPosition);
}

function configured(rule: RuleMeta, severities: ReadonlyMap<string, Severity | "off">): Severity | "off" | undefined {
  if (severities.size === 0) return undefined;
  return [rule.id, ...rule.aliases, rule.group]
    .map((name) => severities.get(name.toLowerCase()))
    .find((severity) => severity !== undefined);
}

function reportsOf<Input extends WithText>(
  rule: LintRule<Input>,
  input: Input,
  { onCrash }: RunOptions,
): readonly Omit<Report, "severity">[] {
  try {
    return [...rule.reports(input)];
  } catch (error) {
    onCrash?.(rule.meta.id, error);
    return [failureOf(rule.meta, input, error)];
  }
}

/** The report at the beginning of the file: the place where the rule failed is unknown. */
function failureOf(rule: RuleMeta, input: WithText, error: unknown): Omit<Report, "severity"> {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const short = why.replace(/\s+/g, " ").slice(0, maxReasonCharacters);
  return {
    rule,
    span: withinLine(textOf(input), { start: 0, end: textOf(input).length }),
    message: `Rule ${rule.id} failed on this file, so it found nothing (${short}). This is a bug: report it with this message and the file`,
    isFailure: true,
  };
}

const maxReasonCharacters = 200;

function byPosition(a: Report, b: Report): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || (a.rule.id < b.rule.id ? -1 : 1);
}
