import { CompletionRequest, type CompletionList, type CompletionParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toCompletionList } from "../toLsp/completion.ts";
import { lspRequest } from "./request.ts";

/** Completions at a position. */
export const completionRequest = lspRequest<CompletionParams, CompletionList | null>({
  name: () => "completion",
  capability: { completionProvider: { triggerCharacters: [" ", "-", "=", ",", "$", "{", ":", "/", "#", "!", '"'] } },
  type: CompletionRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    if (!open) return null;
    const offset = open.document.offsetAt(position);
    const list = await open.completions(offset);
    const client = session.capabilities.textDocument?.completion ?? {};
    return list
      ? toCompletionList(open.document, list, offset, { client, suggestCommand: session.suggestCommand })
      : null;
  },
});
