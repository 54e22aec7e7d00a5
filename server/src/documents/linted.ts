import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import { codeActions, type Action } from "../features/codeActions.ts";
import { diagnostics } from "../features/diagnostics.ts";
import { ignoreFileActions, ignoreFileDiagnostics } from "./ignoreFiles.ts";
import type { Session } from "../session.ts";

/** A document that rules have looked at, whatever kind of file it is. */
export interface Linted {
  readonly document: TextDocument;
  readonly reports: readonly Report[];
  /** What a light bulb offers there. */
  actions(range: Span): readonly Action[];
}

/** Undefined where no such document is open, or where no rules are for it. */
export async function lint(
  session: Session,
  uri: string,
  onCrash: (ruleId: string, error: unknown) => void,
): Promise<Linted | undefined> {
  const ignore = await session.ignoreSnapshot(uri);
  if (ignore) {
    const reports = ignoreFileDiagnostics(ignore, onCrash);
    return { document: ignore.document, reports, actions: (range) => ignoreFileActions(ignore, reports, range) };
  }
  const snapshot = await session.snapshot(uri);
  if (!snapshot) return undefined;
  const reports = diagnostics(snapshot, onCrash);
  return { document: snapshot.document, reports, actions: (range) => codeActions(snapshot, reports, range) };
}
