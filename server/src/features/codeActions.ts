import type { Report } from "../../../dockerfile/lint/rule.ts";
import { foreignText } from "../../../dockerfile/lint/subject/foreignText.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { ignoreInFile, ignoreAtInstruction } from "../../../dockerfile/lint/fixes/ignoreComment.ts";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { PinMode } from "../../protocol/protocol.ts";
import type { Action } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** Fixes of the findings that touch `range`, ways to ignore them, and pins of the references in it. */
export function codeActions(snapshot: Snapshot, reports: readonly Report[], range: Span): readonly Action[] {
  const touched = reports.filter(({ span }) => touches(span, range));
  return [
    ...touched.flatMap((report) => fixActions(report)),
    ...pinActions(snapshot, touched, range),
    ...touched.flatMap((report) => ignoreActions(snapshot, report)),
  ];
}

/** All safe fixes at once. */
export function fixAll(reports: readonly Report[]): Action | undefined {
  const changes = safeFixes(reports);
  return changes.length === 0
    ? undefined
    : { title: "Fix all that is safe to fix", kind: "fixAll", isPreferred: false, effect: { changes } };
}

/** The fix of a finding, where it has one. */
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
      title: `Ignore ${id} here`,
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

/** A pin is the quick fix of a finding that it mends, and a rewrite elsewhere. */
function pinActions({ file }: Snapshot, touched: readonly Report[], range: Span): Action[] {
  // What looks like a reference in another language is none.
  if (foreignText(file)) return [];
  return findReferences(file).flatMap(({ span, written, reference, target }): Action[] => {
    if (!touches(span, range) || target.kind === "none") return [];
    const effect = (pin: PinMode) => ({ pin, offset: span.start });
    if (reference?.digest !== undefined) {
      return [
        { title: `Update the digest of ${written}`, kind: "rewrite", isPreferred: false, effect: effect("update") },
        { title: `Unpin ${written}`, kind: "rewrite", isPreferred: false, effect: effect("unpin") },
      ];
    }
    const mended = touched.find((report) => report.rule.fixedBy === "pin" && touches(report.span, span));
    return [
      {
        title: `Pin ${written} to its digest`,
        kind: mended ? "quickfix" : "rewrite",
        isPreferred: false,
        effect: effect("pin"),
        ...(mended && { report: mended }),
      },
    ];
  });
}

/** Also where one begins as the other ends. */
export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
