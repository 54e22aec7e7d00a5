import { WorkspaceSymbolRequest, type SymbolInformation, type WorkspaceSymbolParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toStageSymbols, toSymbolInformation } from "../toLsp/symbols.ts";
import { filePath, type Session } from "../session.ts";
import { lspRequest } from "./request.ts";

// More than anyone reads in a list; another letter makes it shorter.
const maxSymbols = 1000;

/**
 * The stages of all Dockerfiles of the workspace, open or not, whose names have the letters of the query, in its order.
 */
export const workspaceSymbolsRequest = lspRequest<WorkspaceSymbolParams, SymbolInformation[] | null>({
  name: () => "workspace symbols",
  capability: { workspaceSymbolProvider: true },
  type: WorkspaceSymbolRequest.type,
  failed: () => null,
  async answer(session, { query }) {
    const found = await openStages(session);
    const open = new Set(session.documents.all().map(({ uri }) => filePath(uri)));
    for (const file of session.workspace.view().dockerfiles)
      if (!open.has(file.path)) found.push(...toStageSymbols(file));
    return found.filter(({ name }) => hasLetters(name, query)).slice(0, maxSymbols);
  },
});

async function openStages(session: Session): Promise<SymbolInformation[]> {
  const found: SymbolInformation[] = [];
  for (const { uri } of session.documents.all()) {
    const open = await openDocument(session, uri);
    for (const item of open?.outline() ?? [])
      if (open && item.kind === "stage") found.push(...toSymbolInformation(open.document, { ...item, children: [] }));
  }
  return found;
}

function hasLetters(name: string, query: string): boolean {
  const text = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
