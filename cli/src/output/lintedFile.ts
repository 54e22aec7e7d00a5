import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import type { InputFile } from "../dockerfiles.ts";

/** A Dockerfile and what was found in it, in its order. */
export interface LintedFile {
  readonly input: InputFile;
  readonly reports: readonly Report[];
  /** From which severity on the exit code tells of a finding. */
  readonly failOn: Severity | "never";
}

/** With `/`, relative to the current folder where the path is in it; a `file:` URI elsewhere. Percent-encoded. */
export function relativeUri(path: string): string {
  const way = isAbsolute(path) ? relative(process.cwd(), path) : path;
  if (isAbsolute(path) && (way.startsWith("..") || isAbsolute(way))) return pathToFileURL(path).href;
  return way
    .split(sep)
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd")))
    .join("/");
}
