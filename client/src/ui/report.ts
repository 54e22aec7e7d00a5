import { commands, type LogOutputChannel, window } from "vscode";
import type { OciError } from "../../../oci/core/error.ts";
import { adviceFor, tryAgain } from "./advice.ts";
import { safeMessage } from "./untrustedText.ts";
import { l10n } from "./l10n.ts";

/**
 * Reports an expected failure: one message with one useful action. `again` replaces the default retry, which only looks
 * again.
 */
export async function reportError(error: OciError, log: LogOutputChannel, again?: () => unknown): Promise<void> {
  const { title, detail, action } = adviceFor(error);
  log.warn(`${title}: ${detail}`);
  const chosen = await window.showErrorMessage(safeMessage(`${title}: ${detail}`), action.label);
  if (chosen !== action.label) return;
  if (again && action === tryAgain) await again();
  else await commands.executeCommand(action.command);
}

/** Reports a bug: the message is short, and the log has the details. */
export async function reportFailure(error: unknown, log: LogOutputChannel): Promise<void> {
  log.error(error instanceof Error ? error : String(error));
  const chosen = await window.showErrorMessage(
    l10n.t("Imagewright ran into an error. See its output for details"),
    l10n.t("Show Output"),
  );
  if (chosen !== undefined) log.show();
}
