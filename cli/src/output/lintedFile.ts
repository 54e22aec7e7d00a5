import { createHash } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import type { InputFile } from "../dockerfiles.ts";
import { positionsOf } from "../positions.ts";

/** A Dockerfile and what was found in it, in its order. */
export interface LintedFile {
  readonly input: InputFile;
  readonly reports: readonly Report[];
  /** From which severity on the exit code tells of a finding. */
  readonly failOn: Severity | "never";
}

/** For each report what tells it from others of its file, and stays the same while lines above or below come and go: SHA-256 in hex. */
export function fingerprints({ input, reports }: LintedFile): readonly string[] {
  const { position, line } = positionsOf(input.text);
  const seen = new Map<string, number>();
  return reports.map(({ rule, span, message }) => {
    const what = JSON.stringify([relativeUri(input.path), rule.id, message, line(position(span.start).line).trim()]);
    // Of equal lines the first stays the first.
    const before = seen.get(what) ?? 0;
    seen.set(what, before + 1);
    return createHash("sha256").update(`${what}${before}`).digest("hex");
  });
}

/** With `/`, relative to the current folder where the path is in it; a `file:` URI elsewhere. Percent-encoded. */
export function relativeUri(path: string): string {
  const way = isAbsolute(path) ? relative(process.cwd(), path) : path;
  if (isAbsolute(path) && (way.startsWith("..") || isAbsolute(way))) return pathToFileURL(path).href;
  return way.split(sep).map(encodeURIComponent).join("/");
}
