import type { Change } from "../../edit/change.ts";
import type { Report } from "../rule.ts";

/** The changes of all safe fixes, in the reports' order. If two fixes touch the same text, the first one wins. */
export function safeFixes(reports: readonly Pick<Report, "fix">[]): readonly Change[] {
  const taken: Change[] = [];
  for (const report of reports) {
    const fix = report.fix?.();
    if (fix?.safety !== "safe") continue;
    const collides = fix.changes.some((change) => taken.some((other) => touchSameText(change, other)));
    if (!collides) taken.push(...fix.changes);
  }
  return taken;
}

function touchSameText({ span: a }: Change, { span: b }: Change): boolean {
  return (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end);
}
