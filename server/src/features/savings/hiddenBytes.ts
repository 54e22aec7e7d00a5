import type { Report } from "../../../../dockerfile/lint/rule.ts";
import type { Build } from "../../../../dockerfile/semantics/build.ts";
import { hiddenByLines, type HiddenBytes } from "../../../../dockerfile/size/builtWaste.ts";
import type { Span } from "../../../../dockerfile/syntax/syntax.ts";
import { formatBytes } from "../../../../oci/core/bytes.ts";

/** Rules that find in a line's text what the last build shows as bytes that the line hides. */
const hidingRules: ReadonlySet<string> = new Set(["deleted-later", "owner-set-later"]);

/**
 * Adds the bytes that the last build measured to findings about a line's text, and leaves out the finding of
 * `hidden-bytes` on the same two lines.
 */
export function withHiddenBytes(reports: readonly Report[], build: Build): readonly Report[] {
  if (!reports.some(({ rule }) => hidingRules.has(rule.id))) return reports;
  const hidden = hiddenByLines(build);
  const explained = hidden.filter((it) =>
    reports.some((report) => hidingRules.has(report.rule.id) && isAbout(report, it)),
  );
  return reports.flatMap((report) => {
    const own = explained.filter((it) => isAbout(report, it));
    const [first] = own;
    if (!first) return report;
    if (report.rule.id === "hidden-bytes") return [];
    const bytes = own.reduce((sum, each) => sum + each.bytes, 0);
    const measured = ` (${formatBytes(bytes)} in ${first.image.name})`;
    return hidingRules.has(report.rule.id) ? { ...report, message: report.message + measured } : report;
  });
}

function isAbout({ span, related }: Report, { adder, hider }: HiddenBytes): boolean {
  return related !== undefined && isWithin(span, hider.span) && isWithin(related.span, adder.span);
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
