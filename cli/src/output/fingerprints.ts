import { createHash } from "node:crypto";
import { positionsOf } from "../positions.ts";
import { relativeUri, type LintedFile } from "./lintedFile.ts";

/**
 * A fingerprint for each report, SHA-256 in hex. It distinguishes the report from others in its file and doesn't change
 * when lines above or below are added or removed.
 */
export function fingerprints({ input, reports }: LintedFile): readonly string[] {
  const { position, line } = positionsOf(input.text);
  const seen = new Map<string, number>();
  return reports.map(({ rule, span, message }) => {
    const what = JSON.stringify([relativeUri(input.path), rule.id, message, line(position(span.start).line).trim()]);
    // Of equal lines, the first stays the first.
    const before = seen.get(what) ?? 0;
    seen.set(what, before + 1);
    return createHash("sha256").update(`${what}${before}`).digest("hex");
  });
}
