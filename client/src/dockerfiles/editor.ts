import {
  Range,
  type TextDocumentContentProvider,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import { patternsOf } from "../../../server/protocol/pinnedFiles.ts";
import { currentSetting } from "../ui/settings.ts";
import type { WorkspaceImageFiles } from "./workspaceDockerfiles.ts";

export const stepScheme = "imagewright-step";

/** Documents whose URI contains their content. */
export const stepDocuments: TextDocumentContentProvider = { provideTextDocumentContent: ({ query }) => query };

/** VS Code's own search and editors. */
export const workspaceDockerfiles: WorkspaceImageFiles = {
  async find() {
    const found = await workspace.findFiles(dockerfilePattern, "**/node_modules/**", maxDockerfiles);
    return found
      .map((uri) => uri.toString())
      .filter((uri) => !uri.endsWith(".dockerignore"))
      .sort();
  },
  async findOthers() {
    const found = await Promise.all(
      patternsOf(currentSetting("otherPinnedFiles")).map((pattern) =>
        workspace.findFiles(pattern, "**/node_modules/**", maxDockerfiles),
      ),
    );
    const all = [...new Set(found.flat().map((uri) => uri.toString()))].sort();
    const dirty = new Set(workspace.textDocuments.flatMap(({ uri, isDirty }) => (isDirty ? [uri.toString()] : [])));
    return { uris: all.filter((uri) => !dirty.has(uri)), unsaved: all.filter((uri) => dirty.has(uri)) };
  },
  name: (uri) => workspace.asRelativePath(Uri.parse(uri)),
  async open(uri, { start, end }) {
    const range = new Range(start.line, start.character, end.line, end.character);
    const editor = await window.showTextDocument(Uri.parse(uri), { selection: range });
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    flash(editor, range);
  },
  async showText(title, text) {
    // A slash or colon in the title would become a folder or a drive.
    const path = `/${title.replace(/[^\w.@-]+/g, "_")}.Dockerfile`;
    await window.showTextDocument(Uri.from({ scheme: stepScheme, path, query: text }), { preview: true });
  },
};

/** The file names that package.json assigns to the language, except patterns that are too broad. */
const dockerfilePattern =
  "**/{Dockerfile,Containerfile,Dockerfile[._-]*,Containerfile[._-]*,*.dockerfile,*.Dockerfile,*.containerfile,*.Containerfile}";

// More than any repository has; the server has the same limit.
const maxDockerfiles = 1000;

/** Long enough to notice, in milliseconds. */
const flashMs = 1500;

function flash(editor: TextEditor, range: Range): void {
  const mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor("editor.findMatchHighlightBackground"),
  });
  editor.setDecorations(mark, [range]);
  setTimeout(() => mark.dispose(), flashMs);
}
