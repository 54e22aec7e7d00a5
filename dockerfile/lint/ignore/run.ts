import type { LintOptions } from "../run.ts";
import type { Report, RuleMeta, Severity } from "../rule.ts";
import { isNamedIn, suppressionIn, type SuppressionList } from "../config/suppressions.ts";
import type { Span } from "../../syntax/syntax.ts";
import type { IgnoreDocument } from "./document.ts";
import type { IgnoreLintInput, IgnoreRule } from "./rule.ts";
import { ignoreRules } from "./rules/index.ts";

export interface IgnoreLintOptions extends Pick<LintOptions, "severities" | "suppressions" | "onCrash"> {
  /** Every rule there is unless given. */
  readonly rules?: readonly IgnoreRule[];
}

/** Runs the enabled rules over an ignore file. In the file's order; never throws. */
export function runIgnoreRules(input: IgnoreLintInput, options: IgnoreLintOptions = {}): Report[] {
  const severities = new Map(
    Object.entries(options.severities ?? {}).map(([name, severity]) => [name.toLowerCase(), severity]),
  );
  const reports = (options.rules ?? ignoreRules).flatMap((rule) => {
    const severity = severityOf(rule.meta, severities);
    return severity === "off" ? [] : reportsOf(rule, input, options).map((report): Report => ({ ...report, severity }));
  });
  const lists = options.suppressions === "ignored" ? [] : ignoreSuppressions(input.file);
  const shown = reports.filter(
    ({ rule, span }) => !lists.some((list) => isNamedIn(rule, list) && isAbout(input.file, list, span)),
  );
  return shown.sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule.id < b.rule.id ? -1 : 1),
  );
}

/** The comments of an ignore file that silence rules. */
export function ignoreSuppressions({ text, comments }: IgnoreDocument): readonly SuppressionList[] {
  return comments
    .map((span) => suppressionIn(text, span))
    .filter((list) => list !== undefined)
    .filter(({ style }) => style === "imagewright");
}

/** A comment in the block right above a line is about that line. */
function isAbout({ text }: IgnoreDocument, { scope, namesSpan }: SuppressionList, { start }: Span): boolean {
  if (scope === "file") return true;
  return (
    scope === "instruction" &&
    namesSpan.end <= start &&
    /^[^\n]*\n(?:#[^\n]*\n)*[^\n]*$/.test(text.slice(namesSpan.end, start))
  );
}

function severityOf(rule: RuleMeta, severities: ReadonlyMap<string, Severity | "off">): Severity | "off" {
  const named = [rule.id, ...rule.aliases]
    .map((name) => severities.get(name.toLowerCase()))
    .find((severity) => severity !== undefined);
  return named ?? rule.severity;
}

function reportsOf(
  rule: IgnoreRule,
  input: IgnoreLintInput,
  { onCrash }: IgnoreLintOptions,
): Omit<Report, "severity">[] {
  try {
    return [...rule.reports(input)];
  } catch (error) {
    onCrash?.(rule.meta.id, error);
    return [];
  }
}
