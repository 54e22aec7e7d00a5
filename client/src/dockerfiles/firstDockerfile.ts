import { commands, type Disposable, type DocumentSelector, languages, type TextDocument, workspace } from "vscode";

/** Completes the walkthrough's first step, because VS Code has no completion event for a language. */
export function onFirstDockerfile(selector: DocumentSelector, failed: (error: unknown) => void): Disposable {
  const look = (document: TextDocument): void => {
    if (languages.match(selector, document) === 0) return;
    listener.dispose();
    commands.executeCommand("setContext", "imagewright.hasDockerfile", true).then(undefined, failed);
  };
  const listener = workspace.onDidOpenTextDocument(look);
  workspace.textDocuments.forEach(look);
  return listener;
}
