import type { PinnedFile } from "../pin/pinnedFile.ts";
import { positionsOf } from "../positions.ts";

/** The run as JSON; docs/pin.md describes it. */
export function pinJson(files: readonly PinnedFile[]) {
  return { version: 1, files: files.map(fileJson) };
}

function fileJson(file: PinnedFile) {
  const { path, error = null } = file;
  if (!file.plan) return { path, kind: null, error, references: [], edits: [] };
  const { range } = positionsOf(file.input.text);
  return {
    path,
    kind: file.kind,
    error,
    references: file.plan.outcomes.map(({ reference, place, span, outcome, message, warning, digest, isPinned }) => ({
      reference,
      place,
      range: range(span),
      outcome,
      message,
      warning: warning ?? null,
      isPinned,
      digest: digest ?? null,
    })),
    edits: file.plan.edits.map(({ span, text }) => ({ range: range(span), newText: text })),
  };
}
