import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import type { InputFile } from "../dockerfiles.ts";

/** A Dockerfile and its findings, in file order. */
export interface LintedFile {
  readonly input: InputFile;
  readonly reports: readonly Report[];
  /** The lowest severity that makes the exit code 1. */
  readonly failOn: Severity | "never";
  /** The configuration that should apply can't be read, so the file was checked without it. */
  readonly lacksConfig?: true;
}

/** A path with `/`, relative to the current folder if it is inside; else a `file:` URI. Percent-encoded. */
export function relativeUri(path: string): string {
  const way = isAbsolute(path) ? relative(process.cwd(), path) : path;
  if (isAbsolute(path) && (way.startsWith("..") || isAbsolute(way))) return pathToFileURL(path).href;
  return way
    .split(sep)
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd")))
    .join("/");
}
