import { readSuppressions } from "../../dockerfile/lint/config/suppressions.ts";
import imageWithoutDigest from "../../dockerfile/lint/rules/image-without-digest.ts";
import { isDockerfileName } from "../../dockerfile/lint/subject/fileNames.ts";
import { foreignText } from "../../dockerfile/lint/subject/foreignText.ts";
import { findReferences } from "../../dockerfile/references/findReferences.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../dockerfile/syntax/syntax.ts";
import { fileName, notUnderstood, type FileKind, type FoundReferences } from "./fileKind.ts";

export const dockerfile: FileKind = {
  name: "dockerfile",
  isNamed(path) {
    const name = fileName(path);
    return isDockerfileName(name) && !/\.dockerignore$/i.test(name);
  },
  find: (text, { comments }) => findInDockerfile(parse(text), comments),
};

/** Finds the references of a parsed Dockerfile. */
export function findInDockerfile(file: Dockerfile, comments: "obey" | "disregard"): FoundReferences {
  const problem = whyNotUnderstood(file);
  if (problem !== undefined) return notUnderstood(problem);
  const references = findReferences(file);
  if (comments === "disregard") return { references, ignored: new Set() };
  const { isSuppressed } = readSuppressions(file);
  const { meta } = imageWithoutDigest;
  return { references, ignored: new Set(references.filter(({ span }) => isSuppressed(meta, span))) };
}

function whyNotUnderstood(file: Dockerfile): string | undefined {
  if (foreignText(file)) return "it doesn't look like a Dockerfile, so nothing is pinned";
  const isStrange = file.problems.some(({ kind }) => kind === "unknownInstruction");
  return isStrange && file.stages.length === 0
    ? "it has no FROM and doesn't look like a Dockerfile, so nothing is pinned"
    : undefined;
}
