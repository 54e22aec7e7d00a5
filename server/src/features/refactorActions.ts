import { instructionAt } from "../../../dockerfile/assist/instructionAt.ts";
import { newIgnoreFile } from "../../../dockerfile/refactor/newIgnoreFile.ts";
import { projectDockerfiles } from "../../../dockerfile/refactor/projectTemplates.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Action } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { isPlainFile } from "./plainFile.ts";

/**
 * Changes of the instruction at a range that no finding asks for, an ignore file if the build context has none, and in
 * an empty file a Dockerfile for the project.
 */
export function refactorActions(snapshot: Snapshot, range: Span): readonly Action[] {
  const { build } = snapshot;
  if (build.file.text.trim() === "") return projectActions(snapshot);
  if (!isPlainFile(build.file)) return [];
  const refactorings = refactoringsAt(build, range).map(({ title, kind, changes }): Action => ({
    title,
    kind,
    isPreferred: false,
    effect: { changes },
  }));
  return [...refactorings, ...ignoreFileAction(snapshot, range)];
}

function projectActions({ build }: Snapshot): readonly Action[] {
  const span = { start: 0, end: build.file.text.length };
  return projectDockerfiles(build.facts).map(({ language, text }): Action => ({
    title: `Write a Dockerfile for this ${language} project`,
    kind: "rewrite",
    isPreferred: false,
    effect: { changes: [{ span, text }] },
  }));
}

/** Offered where files of the build context are copied, and at the image. */
function ignoreFileAction({ build }: Snapshot, range: Span): readonly Action[] {
  const keyword = instructionAt(build.file, range.start)?.keyword.value ?? "";
  const newFile = ["FROM", "COPY", "ADD"].includes(keyword) ? newIgnoreFile(build) : undefined;
  return newFile
    ? [
        {
          title: "Create a .dockerignore for this build context",
          kind: "rewrite",
          isPreferred: false,
          effect: { newFile },
        },
      ]
    : [];
}
