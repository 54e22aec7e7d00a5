import type { Severity } from "../../../dockerfile/lint/rule.ts";
import { positionsOf } from "../positions.ts";
import { fingerprints } from "./fingerprints.ts";
import { relativeUri, type LintedFile } from "./lintedFile.ts";

/** "blocker" is left for teams to assign. */
const severities: Readonly<Record<Severity, string>> = {
  error: "critical",
  warning: "major",
  info: "minor",
  hint: "info",
};

/**
 * The list of issues that GitLab shows in a merge request.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function lintCodeClimate(linted: readonly LintedFile[]) {
  return linted.flatMap((one) => {
    const { range } = positionsOf(one.input.text);
    const prints = fingerprints(one);
    return one.reports.map(({ rule, span, message, severity }, index) => {
      const { start, end } = range(span);
      return {
        type: "issue",
        check_name: rule.id,
        description: message,
        categories: [severity === "error" || severity === "warning" ? "Bug Risk" : "Style"],
        severity: severities[severity],
        fingerprint: prints[index],
        location: {
          path: decodeURIComponent(relativeUri(one.input.path)),
          lines: { begin: start.line + 1, end: end.line + 1 },
        },
      };
    });
  });
}
