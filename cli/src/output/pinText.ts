import { counted } from "../../../oci/core/text.ts";
import type { PinOutcome } from "../../../references/plan.ts";
import type { PinnedFile } from "../pin/pinnedFile.ts";
import { positionsOf } from "../positions.ts";
import { table } from "./table.ts";
import { printable } from "./sinks.ts";

/** The words for outcomes. People read these; programs read the JSON. */
const words: Readonly<Record<PinOutcome["outcome"], string>> = {
  pinned: "pinned",
  updated: "updated",
  unpinned: "unpinned",
  unchanged: "unchanged",
  notPinned: "not pinned",
  moved: "moved",
  gone: "gone",
  skipped: "skipped",
  ignored: "ignored",
  failed: "failed",
};

/** Outcomes that `--quiet` omits. */
const calm: ReadonlySet<PinOutcome["outcome"]> = new Set([
  "pinned",
  "updated",
  "unpinned",
  "unchanged",
  "skipped",
  "ignored",
]);

export interface PinTextOptions {
  readonly isWritten: boolean;
  /** "brief": only what needs attention. */
  readonly detail: "full" | "brief";
}

/** A row for each reference, then a summary of the changes made or planned. */
export function pinText(files: readonly PinnedFile[], { isWritten, detail }: PinTextOptions): string {
  const rows = files.flatMap((file) => rowsOf(file, detail));
  const lines = rows.length === 0 ? [] : [table(rows)];
  if (detail === "brief") return lines.join("\n");
  const outcomes = files.flatMap(({ plan }) => plan?.outcomes ?? []);
  if (outcomes.length === 0) return "no image references";
  return [...lines, closing(files, isWritten)].join("\n");
}

function rowsOf({ path, input, plan }: PinnedFile, detail: PinTextOptions["detail"]): readonly (readonly string[])[] {
  if (!plan) return [];
  const { position } = positionsOf(input.text);
  return plan.outcomes
    .filter(({ outcome, warning }) => detail === "full" || warning !== undefined || !calm.has(outcome))
    .map(({ reference, span, outcome, message, warning }) => [
      `${path}:${position(span.start).line + 1}`,
      words[outcome],
      printable(reference),
      printable(warning === undefined ? message : `${message}; but ${warning}`),
    ]);
}

function closing(files: readonly PinnedFile[], isWritten: boolean): string {
  const changed = files.filter(({ error }) => error === undefined);
  const edits = changed.reduce((sum, { plan }) => sum + (plan?.edits.length ?? 0), 0);
  if (edits === 0) return "nothing to change";
  const touched = changed.filter(({ plan }) => plan && plan.edits.length > 0).length;
  const what = `${counted(edits, "change")} in ${counted(touched, "file")}`;
  return isWritten ? `${what} written` : `${what}; --write writes them`;
}
