import { languages, Position, Uri, window, workspace } from "vscode";
import type { ProjectFolders } from "./createDockerfile.ts";

/** VS Code's own folders and editors. */
export const projectFolders: ProjectFolders = {
  list: () => (workspace.workspaceFolders ?? []).map(({ name, uri }) => ({ name, uri: uri.toString() })),
  async exists(uri) {
    try {
      await workspace.fs.stat(Uri.parse(uri));
      return true;
    } catch {
      // The only other reason is a folder that can't be read, which the language server then reports.
      return false;
    }
  },
  async openNew(uri, text) {
    const document = await workspace.openTextDocument(Uri.parse(uri).with({ scheme: "untitled" }));
    const editor = await window.showTextDocument(await languages.setTextDocumentLanguage(document, "dockerfile"));
    // One that was opened before and not saved keeps what its author wrote.
    if (document.getText() === "") await editor.edit((edit) => edit.insert(new Position(0, 0), text));
  },
};
