import { InlayHintRequest, type InlayHint, type InlayHintParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toInlayHint, toSpan } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** Hints within the lines of a range. */
export const inlayHintsRequest = lspRequest<InlayHintParams, InlayHint[] | null>({
  name: () => "inlay hints",
  capability: { inlayHintProvider: {} },
  type: InlayHintRequest.type,
  failed: () => [],
  async answer(session, { textDocument, range }) {
    session.hintsRequested();
    const open = await openDocument(session, textDocument.uri);
    const { layerCommand } = session;
    return (
      open?.hints(toSpan(open.document, range)).map((hint) => toInlayHint(open.document, hint, layerCommand)) ?? []
    );
  },
});
