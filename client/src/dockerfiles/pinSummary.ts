import type { PinAnswer, PinMode, PinOutcomeRow } from "../../../server/protocol/protocol.ts";

export interface PinSummary {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  /** One line for each reference, for the output; empty if the text says everything. */
  readonly lines: readonly string[];
}

const words: Readonly<Record<PinOutcomeRow["outcome"], string>> = {
  pinned: "pinned",
  updated: "updated",
  unpinned: "unpinned",
  unchanged: "up to date",
  notPinned: "not pinned",
  moved: "out of date",
  gone: "missing from the registry",
  skipped: "skipped",
  ignored: "ignored",
  failed: "failed",
};

/** The first words of a message about a single outcome. A refusal needs no such words. */
const leads: Readonly<Record<PinOutcomeRow["outcome"], string>> = {
  pinned: "Pinned: ",
  updated: "Updated: ",
  unpinned: "Unpinned: ",
  unchanged: "Nothing to change: ",
  notPinned: "",
  moved: "Out of date: ",
  gone: "Gone: ",
  skipped: "Skipped: ",
  ignored: "Ignored: ",
  failed: "",
};

const nothingToDo: Readonly<Record<PinMode, string>> = {
  pin: "No images to pin here",
  check: "No pinned images here",
  update: "No pinned images here",
  unpin: "No pinned images here",
};

/** Summarises a pin run in one message: a single outcome in full, several as counts. */
export function summarizePin(mode: PinMode, { refusal, outcomes, applied }: PinAnswer): PinSummary {
  if (refusal !== undefined) return { severity: "error", text: refusal, lines: [] };
  const lines = outcomes.map(
    (row) => `line ${row.line + 1}: ${row.reference}: ${words[row.outcome]}: ${messageOf(row)}`,
  );
  const [only] = outcomes;
  if (only === undefined) return { severity: "info", text: nothingToDo[mode], lines };
  if (
    !applied &&
    outcomes.some(({ outcome }) => outcome === "pinned" || outcome === "updated" || outcome === "unpinned")
  )
    return {
      severity: "error",
      text: "The file changed in the meantime, so nothing was edited. Try again",
      lines,
    };
  const severity = outcomes.some(({ outcome }) => outcome === "failed" || outcome === "gone")
    ? "error"
    : outcomes.some(
          ({ outcome, warning }) =>
            warning !== undefined || outcome === "moved" || outcome === "skipped" || outcome === "notPinned",
        )
      ? "warning"
      : "info";
  return {
    severity,
    text:
      outcomes.length === 1
        ? `${leads[only.outcome]}${messageOf(only)}`
        : `${countOutcomes(outcomes)}${firstTrouble(outcomes)}`,
    lines,
  };
}

function messageOf({ message, warning }: PinOutcomeRow): string {
  return warning === undefined ? message : `${message}; but ${warning}`;
}

/** The reason for the first failure; the others usually have the same one. */
function firstTrouble(outcomes: readonly PinOutcomeRow[]): string {
  const trouble =
    outcomes.find(({ outcome }) => outcome === "failed") ??
    outcomes.find(({ outcome }) => outcome === "gone") ??
    outcomes.find(({ warning }) => warning !== undefined);
  return trouble === undefined ? "" : `. ${trouble.reference}: ${trouble.warning ?? trouble.message}`;
}

/** `3 pinned, 1 left alone`, in table order. */
function countOutcomes(outcomes: readonly PinOutcomeRow[]): string {
  const kinds = Object.keys(words) as PinOutcomeRow["outcome"][];
  return kinds
    .map((kind) => [outcomes.filter(({ outcome }) => outcome === kind).length, words[kind]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
