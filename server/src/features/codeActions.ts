import type { Report } from "../../../dockerfile/lint/rule.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { ignoreInFile, ignoreAtInstruction } from "../../../dockerfile/lint/fixes/ignoreComment.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Action } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { pinActions, touches } from "./pins/pinActions.ts";
import { refactorActions } from "./refactorActions.ts";
import { savingActions } from "./savings/savingActions.ts";

/**
 * Fixes of the findings that touch `range`, ways to ignore them, pins of the references in it, savings, and
 * refactorings.
 */
export function codeActions(snapshot: Snapshot, reports: readonly Report[], range: Span): readonly Action[] {
  const touched = reports.filter(({ span }) => touches(span, range));
  const fixes = touched.flatMap((report) => fixActions(report));
  return [
    ...fixes,
    ...pinActions(snapshot, touched, range),
    ...touched.flatMap((report) => ignoreActions(snapshot, report)),
    ...savingActions(snapshot, range),
    ...refactorActions(snapshot, range).filter(({ title }) => !fixes.some((fix) => fix.title === title)),
  ];
}

/** All safe fixes at once. */
export function fixAll(reports: readonly Report[]): Action | undefined {
  const changes = safeFixes(reports);
  return changes.length === 0
    ? undefined
    : { title: "Apply all safe fixes", kind: "fixAll", isPreferred: false, effect: { changes } };
}

/** The fix of a finding, if it has one. */
export function fixActions(report: Report): Action[] {
  const fix = report.fix?.();
  if (!fix) return [];
  return [
    {
      title: fix.title,
      kind: "quickfix",
      isPreferred: fix.safety === "safe",
      report,
      effect: { changes: fix.changes },
    },
  ];
}

function ignoreActions({ file }: Snapshot, report: Report): Action[] {
  const { id } = report.rule;
  if (report.isFailure) return [];
  return [
    {
      title: `Ignore ${id} on this line`,
      kind: "quickfix",
      isPreferred: false,
      report,
      effect: { changes: ignoreAtInstruction(file, report) },
    },
    {
      title: `Ignore ${id} in this file`,
      kind: "quickfix",
      isPreferred: false,
      report,
      effect: { changes: ignoreInFile(file, report) },
    },
  ];
}
