import { runIgnoreRules } from "../../../dockerfile/lint/ignore/run.ts";
import { ignoreRules } from "../../../dockerfile/lint/ignore/rules/index.ts";
import { ignoreInIgnoreFile, ignoreAtLine } from "../../../dockerfile/lint/ignore/suppressFix.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import { layeredSeverities, readSeverities } from "../../../dockerfile/lint/config/severities.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { IgnoreSnapshot } from "../documents/ignoreFileSnapshot.ts";
import type { Action } from "../answers.ts";
import { fixActions } from "./codeActions.ts";
import { touches } from "./pins/pinActions.ts";

/** The findings of the enabled rules in an ignore file, in its order. */
export function ignoreFileDiagnostics(
  { file, facts, settings }: IgnoreSnapshot,
  onCrash: (ruleId: string, error: unknown) => void,
): readonly Report[] {
  const severities = layeredSeverities(
    [readSeverities(settings.rules)],
    ignoreRules.map(({ meta }) => meta),
  );
  return runIgnoreRules({ file, facts }, { severities, onCrash });
}

/** Fixes of the findings that touch `range`, and ways to ignore them. */
export function ignoreFileActions(
  { file }: IgnoreSnapshot,
  reports: readonly Report[],
  range: Span,
): readonly Action[] {
  const touched = reports.filter(({ span }) => touches(span, range));
  const found = touched.filter(({ isFailure }) => !isFailure);
  const silencing = found.flatMap((report): Action[] => [
    {
      title: `Ignore ${report.rule.id} on this line`,
      kind: "quickfix",
      isPreferred: false,
      report,
      effect: { changes: ignoreAtLine(file, report) },
    },
    {
      title: `Ignore ${report.rule.id} in this file`,
      kind: "quickfix",
      isPreferred: false,
      report,
      effect: { changes: ignoreInIgnoreFile(file, report) },
    },
  ]);
  return [...touched.flatMap((report) => fixActions(report)), ...silencing];
}
