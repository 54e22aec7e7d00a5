import type { TextDocument } from "vscode-languageserver-textdocument";
import type { PinOutcome } from "../../../references/plan.ts";
import type { PinOutcomeRow } from "../../protocol/protocol.ts";

/** An outcome as the client shows it. */
export function outcomeRow(
  { reference, span, outcome, message, warning, digest }: PinOutcome,
  document: TextDocument,
): PinOutcomeRow {
  return {
    reference,
    line: document.positionAt(span.start).line,
    outcome,
    message,
    ...(warning !== undefined && { warning }),
    ...(digest !== undefined && { digest }),
  };
}
