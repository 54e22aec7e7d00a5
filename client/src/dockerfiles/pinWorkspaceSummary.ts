import type {
  PinMode,
  PinOutcomeRow,
  PinWorkspaceAnswer,
  PinWorkspaceArguments,
} from "../../../server/protocol/protocol.ts";
import { l10n } from "../ui/l10n.ts";
import { counted } from "../ui/phrases.ts";
import { messageOf, summarizePin, type PinSummary } from "./pinSummary.ts";

/** A question with the number of changes; undefined without any. */
export function changeQuestion(mode: PinMode, { outcomes }: PinWorkspaceAnswer): string | undefined {
  const changed = outcomes.filter(isChange);
  const files = new Set(changed.map(({ uri }) => uri));
  if (changed.length === 0) return undefined;
  const [images, inFiles] = [counted(changed.length, "image"), counted(files.size, "file")];
  return mode === "pin" ? l10n.t("Pin {0} in {1}?", images, inFiles) : l10n.t("Update {0} in {1}?", images, inFiles);
}

function isChange({ outcome }: PinOutcomeRow): boolean {
  return outcome === "pinned" || outcome === "updated";
}

/** The answer of a run, and the edits that the user wanted. */
interface WorkspaceRun extends PinWorkspaceAnswer {
  readonly edits: PinWorkspaceArguments["edits"];
}

/** The message after pinning a workspace: the changes, and problems that need attention. */
export function summarizeWorkspacePin(
  mode: PinMode,
  { refusal, outcomes, problems, applied, edits }: WorkspaceRun,
  nameOf: (uri: string) => string,
): PinSummary {
  if (refusal !== undefined) return { severity: "error", text: refusal, lines: [] };
  const changed = outcomes.filter(isChange);
  const lines = [
    ...outcomes.map((row) => `${nameOf(row.uri)}:${row.line + 1}: ${row.reference}: ${row.outcome}: ${messageOf(row)}`),
    ...problems,
  ];
  const others = outcomes.filter((row) => !changed.includes(row));
  const rest = summarizePin(mode, {
    outcomes: others.map((row) => ({ ...row, reference: `${nameOf(row.uri)}: ${row.reference}` })),
    applied,
  });
  const parts = [
    changed.length > 0 ? madeText(changed.length, { mode, applied, edits }) : "",
    changed.length > 0 && others.length === 0 ? "" : rest.text,
  ];
  return {
    severity: problems.length > 0 && rest.severity === "info" ? "warning" : rest.severity,
    text: [...parts, ...problems.slice(0, 1)].filter((part) => part !== "").join(". "),
    lines,
  };
}

function madeText(
  count: number,
  { mode, applied, edits }: Pick<WorkspaceRun, "applied" | "edits"> & { readonly mode: PinMode },
): string {
  // VS Code reports whether edits were made, not which of them were ticked.
  if (edits === "preview")
    return applied
      ? l10n.t("Made the edits ticked in the preview")
      : l10n.t("Nothing was changed; tick edits in the preview");
  if (!applied) return l10n.t("A file changed in the meantime, so nothing was edited. Try again");
  const images = counted(count, "image");
  return mode === "pin" ? l10n.t("Pinned {0}", images) : l10n.t("Updated {0}", images);
}
