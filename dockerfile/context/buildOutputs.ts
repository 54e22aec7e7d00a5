import { parseIgnoreFile, type IgnoreFile } from "../patterns/ignoreFile.ts";
import type { ContextIndex } from "./contextIndex.ts";

/**
 * True if a missing path is probably the output of a build: Git ignores it, or it is in an output folder that is also
 * missing.
 */
export function isBuildOutput(index: ContextIndex, path: string): boolean {
  const gitignore = index.memo("gitignore", () => parseGitignore(index.fact.gitignoreText ?? ""));
  if (gitignore.isIgnored(path)) return true;
  const parts = path.split("/");
  return parts.some(
    (part, depth) =>
      productFolders.has(part.toLowerCase()) && index.positionOf(parts.slice(0, depth + 1).join("/")) === undefined,
  );
}

/**
 * Names of the folders that build tools write to: Maven, Gradle, Cargo, npm and its bundlers, .NET, CMake, Go
 * releasers, Bazel.
 */
const productFolders: ReadonlySet<string> = new Set([
  "target",
  "build",
  "dist",
  "out",
  "output",
  "bin",
  "obj",
  "publish",
  "release",
  "artifacts",
  "_build",
  "_output",
  ".next",
  ".output",
  "node_modules",
  "vendor",
  "bazel-bin",
  "deps",
  "pkg",
  "tmp",
]);

/**
 * Approximates Git's rules closely enough to say whether a path is ignored: a pattern without a slash matches at any
 * depth, one with a slash from the root.
 * @see https://git-scm.com/docs/gitignore#_pattern_format
 */
function parseGitignore(text: string): IgnoreFile {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, bang = "", pattern = ""] = /^(!?)(.*?)\/?\s*$/.exec(line) ?? [];
      return `${bang}${pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`}`;
    });
  return parseIgnoreFile(lines.join("\n"));
}
