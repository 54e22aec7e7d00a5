import { type TextDocumentContentProvider, Uri, workspace } from "vscode";

/** `imagewright-docs:/rules/latest-tag.md` is a page that comes with the extension. */
export const docsScheme = "imagewright-docs";

/** The pages of `docs/`, read-only. `package.json` has them opened as previews. */
export function createDocsPages(extensionUri: Uri): TextDocumentContentProvider {
  return {
    // VS Code has resolved `..` in the path of a URI with an authority only: a path that leads out of the folder is no page.
    provideTextDocumentContent: async ({ path }) => {
      if (!/^\/(?:[\w-]+\/)*[\w-]+\.md$/.test(path)) return undefined;
      const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, "docs", path));
      return new TextDecoder().decode(bytes);
    },
  };
}
