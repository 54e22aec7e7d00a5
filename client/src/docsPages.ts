import { type TextDocumentContentProvider, Uri, workspace } from "vscode";

/** The scheme of pages that come with the extension, such as `imagewright-docs:/rules/latest-tag.md`. */
export const docsScheme = "imagewright-docs";

/** The pages of `docs/`, read-only. `package.json` makes them open as previews. */
export function createDocsPages(extensionUri: Uri): TextDocumentContentProvider {
  return {
    // VS Code resolves `..` in a path only if the URI has an authority: a path that leads out of the folder isn't a
    // page.
    provideTextDocumentContent: async ({ path }) => {
      if (!/^\/(?:[\w-]+\/)*[\w-]+\.md$/.test(path)) return undefined;
      const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, "docs", path));
      return new TextDecoder().decode(bytes);
    },
  };
}
