import type { PinMode, PinWorkspaceAnswer } from "../../../server/protocol/protocol.ts";
import { messageOf, summarizePin, type PinSummary } from "./pinSummary.ts";
import { l10n } from "../ui/l10n.ts";

/** The message after pinning a workspace: the changes, and problems that need attention. */
export function summarizeWorkspacePin(
  mode: PinMode,
  { refusal, outcomes, problems, applied }: PinWorkspaceAnswer,
  nameOf: (uri: string) => string,
): PinSummary {
  if (refusal !== undefined) return { severity: "error", text: refusal, lines: [] };
  const changed = outcomes.filter(({ outcome }) => outcome === "pinned" || outcome === "updated");
  const lines = [
    ...outcomes.map((row) => `${nameOf(row.uri)}:${row.line + 1}: ${row.reference}: ${row.outcome}: ${messageOf(row)}`),
    ...problems,
  ];
  const others = outcomes.filter((row) => !changed.includes(row));
  const rest = summarizePin(mode, {
    outcomes: others.map((row) => ({ ...row, reference: `${nameOf(row.uri)}: ${row.reference}` })),
    applied,
  });
  // VS Code reports whether edits were made, not which of them were ticked.
  const made = applied
    ? l10n.t("Made the edits ticked in the preview")
    : l10n.t("Nothing was changed; tick edits in the preview");
  const parts = [changed.length > 0 ? made : "", changed.length > 0 && others.length === 0 ? "" : rest.text];
  return {
    severity: problems.length > 0 && rest.severity === "info" ? "warning" : rest.severity,
    text: [...parts, ...problems.slice(0, 1)].filter((part) => part !== "").join(". "),
    lines,
  };
}
