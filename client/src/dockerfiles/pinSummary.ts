import type { PinAnswer, PinMode, PinOutcomeRow } from "../../../server/protocol/protocol.ts";
import { l10n } from "../ui/l10n.ts";

export interface PinSummary {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  /** One line for each reference, for the output; empty if the text says everything. */
  readonly lines: readonly string[];
}

const words: Readonly<Record<PinOutcomeRow["outcome"], string>> = {
  pinned: l10n.t("pinned"),
  updated: l10n.t("updated"),
  unpinned: l10n.t("unpinned"),
  unchanged: l10n.t("up to date"),
  notPinned: l10n.t("not pinned"),
  moved: l10n.t("out of date"),
  gone: l10n.t("missing from the registry"),
  skipped: l10n.t("skipped"),
  ignored: l10n.t("ignored"),
  failed: l10n.t("failed"),
};

/** The first words of a message about a single outcome. A refusal needs no such words. */
const leads: Readonly<Record<PinOutcomeRow["outcome"], string>> = {
  pinned: l10n.t("Pinned"),
  updated: l10n.t("Updated"),
  unpinned: l10n.t("Unpinned"),
  unchanged: l10n.t("Nothing to change"),
  notPinned: "",
  moved: l10n.t("Out of date"),
  gone: l10n.t("Gone"),
  skipped: l10n.t("Skipped"),
  ignored: l10n.t("Ignored"),
  failed: "",
};

const nothingToDo: Readonly<Record<PinMode, string>> = {
  pin: l10n.t("No images to pin here"),
  check: l10n.t("No pinned images here"),
  update: l10n.t("No pinned images here"),
  unpin: l10n.t("No pinned images here"),
};

/** Summarises a pin run in one message: a single outcome in full, several as counts. */
export function summarizePin(mode: PinMode, { refusal, outcomes, applied }: PinAnswer): PinSummary {
  if (refusal !== undefined) return { severity: "error", text: refusal, lines: [] };
  const lines = outcomes.map((row) =>
    l10n.t("line {0}: {1}: {2}: {3}", row.line + 1, row.reference, words[row.outcome], messageOf(row)),
  );
  const [only] = outcomes;
  if (only === undefined) return { severity: "info", text: nothingToDo[mode], lines };
  if (
    !applied &&
    outcomes.some(({ outcome }) => outcome === "pinned" || outcome === "updated" || outcome === "unpinned")
  )
    return {
      severity: "error",
      text: l10n.t("The file changed in the meantime, so nothing was edited. Try again"),
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
        ? [leads[only.outcome], messageOf(only)].filter((part) => part !== "").join(": ")
        : `${countOutcomes(outcomes)}${firstTrouble(outcomes)}`,
    lines,
  };
}

export function messageOf({ message, warning }: PinOutcomeRow): string {
  return warning === undefined ? message : l10n.t("{0}; but {1}", message, warning);
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
