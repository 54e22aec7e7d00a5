import { type CancellationToken, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";
import { adviceFor } from "../ui/advice.ts";
import { inspectedImage } from "./inspected.ts";
import type { TreeSource } from "./readers.ts";

export const inspectScheme = "imagewright-image";

/** Read-only documents that hold what is known of an image as JSON; read again when a window is reloaded. */
export function createInspectDocuments(source: (sourceId: string) => Promise<TreeSource | undefined>): TextDocumentContentProvider {
  return {
    provideTextDocumentContent: async (uri: Uri, token: CancellationToken): Promise<string> => {
      const asked = new URLSearchParams(uri.query);
      const reading = new AbortController();
      token.onCancellationRequested(() => reading.abort());
      const reader = await source(asked.get("source") ?? "");
      if (!reader) return "// The source of this image is not open any more\n";
      const image = await reader.image(asked.get("image") ?? "", {}, reading.signal);
      if (!image.ok) return `// ${adviceFor(image.error).title}: ${image.error.message.replace(/\s+/g, " ")}\n`;
      const listed = await reader.list(reading.signal);
      const catalog = listed.ok ? reader.catalog.known(listed.value) : undefined;
      return `${JSON.stringify(inspectedImage(image.value, catalog), undefined, 2)}\n`;
    },
  };
}

/** Opens the document of an image. `name` is its title. */
export async function showInspect(sourceId: string, image: string, name: string): Promise<void> {
  // A slash or colon in the name would be a folder or a drive in the title.
  const path = `/${name.replace(/[^\w.@-]+/g, "_")}.json`;
  const query = new URLSearchParams({ source: sourceId, image }).toString();
  const document = await workspace.openTextDocument(Uri.from({ scheme: inspectScheme, path, query }));
  await window.showTextDocument(document, { preview: true });
}
