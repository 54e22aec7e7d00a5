import { parseIgnoreFile, type IgnoreFile } from "../patterns/ignoreFile.ts";
import type { ContextIndex } from "./contextIndex.ts";

/** Whether a path that is not there is one that some build makes: Git ignores it, or it is in a folder of products that is not there either. */
export function isBuildOutput(index: ContextIndex, path: string): boolean {
  const gitignore = index.memo("gitignore", () => parseGitignore(index.fact.gitignoreText ?? ""));
  if (gitignore.isIgnored(path)) return true;
  const parts = path.split("/");
  return parts.some(
    (part, depth) =>
      productFolders.has(part.toLowerCase()) && index.positionOf(parts.slice(0, depth + 1).join("/")) === undefined,
  );
}

/** What build tools name the folders that they write to: Maven, Gradle, Cargo, npm and its bundlers, .NET, CMake, Go releasers, Bazel. */
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

/** Close enough to say that Git ignores a path: a pattern without a slash counts at any depth, one with a slash from the root. @see https://git-scm.com/docs/gitignore#_pattern_format */
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
