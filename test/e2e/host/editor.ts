import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { languages, Range, Uri, window, workspace, WorkspaceEdit, type Diagnostic, type TextEditor } from "vscode";

/** Opens an editor on a new Dockerfile, in its own folder of the workspace. */
export async function openDockerfile(text: string): Promise<TextEditor> {
  const [root] = workspace.workspaceFolders ?? [];
  if (!root) throw new Error("the host suite runs in a workspace");
  const folder = await mkdtemp(join(root.uri.fsPath, "test-"));
  const uri = Uri.file(join(folder, "Dockerfile"));
  await workspace.fs.writeFile(uri, Buffer.from(text));
  return window.showTextDocument(await workspace.openTextDocument(uri));
}

export async function replaceAll({ document }: TextEditor, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await workspace.applyEdit(edit);
}

/** Waits for an asynchronous change in an editor; `look` returns undefined until it is there. */
export async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within 15 s`);
}

/** Our findings in a document, once their number is as given. */
export function findings({ document }: TextEditor, count: number): Promise<readonly Diagnostic[]> {
  return eventually(`${count} findings`, () => {
    const ours = languages.getDiagnostics(document.uri).filter(({ source }) => source === "imagewright");
    return ours.length === count ? ours : undefined;
  });
}
