import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import { ignoreFileScope } from "../../../dockerfile/facts/scope.ts";
import { readIgnoreDocument, type IgnoreDocument } from "../../../dockerfile/lint/ignore/document.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import { filePath, type Session } from "../session.ts";

/** One version of an open ignore file. */
export interface IgnoreSnapshot {
  readonly document: TextDocument;
  readonly file: IgnoreDocument;
  readonly facts: Facts;
  readonly settings: ServerSettings;
}

/** Undefined if the document isn't open. */
export async function ignoreFileSnapshot(session: Session, uri: string): Promise<IgnoreSnapshot | undefined> {
  const settings = await session.settings(uri);
  const document = session.frozen(uri);
  if (!document) return undefined;
  const path = filePath(uri);
  const scope = path === undefined ? {} : ignoreFileScope(path, session.workspaceContext(settings));
  const file = readIgnoreDocument(path ?? uri, document.getText());
  return { document, file, facts: session.factsIn(scope), settings };
}
