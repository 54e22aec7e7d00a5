import { HoverRequest, type Hover, type HoverParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toMarkup } from "../toLsp/markup.ts";
import { toRange } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** The hover at a position. */
export const hoverRequest = lspRequest<HoverParams, Hover | null>({
  name: () => "hover",
  capability: { hoverProvider: true },
  type: HoverRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const found = open?.hover(open.document.offsetAt(position));
    if (!open || !found) return null;
    const formats = session.capabilities.textDocument?.hover?.contentFormat;
    return { contents: toMarkup(found.markdown, formats), range: toRange(open.document, found.span) };
  },
});
