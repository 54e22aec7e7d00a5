import { isLintConfig } from "../../../dockerfile/facts/lintConfigName.ts";
import { configDiagnostics } from "../features/diagnostics.ts";
import type { Session } from "../session.ts";
import { filePath } from "../session.ts";
import { documentKind } from "./documentKind.ts";

/** `.hadolint.yaml` and its other names. */
export const lintConfig = documentKind({
  id: "lintConfig",
  matches: isLintConfig,
  snapshot: (session, uri) => Promise.resolve(configDocument(session, uri)),
  problems: ({ document }) => configDiagnostics(document.getText()),
});

function configDocument(session: Session, uri: string) {
  const path = filePath(uri);
  const openUri = session.documents.get(uri) ? uri : path === undefined ? undefined : session.openDocument(path)?.uri;
  const document = openUri === undefined ? undefined : session.frozen(openUri);
  return document && { document };
}
