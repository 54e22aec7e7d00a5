import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Action } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { isPlainFile } from "./plainFile.ts";

/** Changes of the instruction at a range that no finding asks for. */
export function refactorActions({ build }: Snapshot, range: Span): readonly Action[] {
  if (!isPlainFile(build.file)) return [];
  return refactoringsAt(build, range).map(({ title, kind, changes }) => ({
    title,
    kind,
    isPreferred: false,
    effect: { changes },
  }));
}
