import type { PinMode, PinWorkspaceAnswer } from "../../../server/protocol/protocol.ts";
import { summarizePin, type PinSummary } from "./pinSummary.ts";

/** The message after pinning a workspace: the changes, and problems that need attention. */
export function summarizeWorkspacePin(
  mode: PinMode,
  { refusal, outcomes, problems, applied }: PinWorkspaceAnswer,
  nameOf: (uri: string) => string,
): PinSummary {
  if (refusal !== undefined) return { severity: "error", text: refusal, lines: [] };
  const changed = outcomes.filter(({ outcome }) => outcome === "pinned" || outcome === "updated");
  const lines = [
    ...outcomes.map(
      ({ uri, line, reference, outcome, message, warning }) =>
        `${nameOf(uri)}:${line + 1}: ${reference}: ${outcome}: ${message}${warning === undefined ? "" : `; but ${warning}`}`,
    ),
    ...problems,
  ];
  if (changed.length > 0 && !applied) return { severity: "info", text: "Nothing was changed", lines };
  const rows = outcomes.map((row) => ({ ...row, reference: `${nameOf(row.uri)}: ${row.reference}` }));
  const { severity, text } = summarizePin(mode, { outcomes: rows, applied });
  return {
    severity: problems.length > 0 && severity === "info" ? "warning" : severity,
    text: [text, ...problems.slice(0, 1)].join(". "),
    lines,
  };
}
