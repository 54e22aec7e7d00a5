import {
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  type Range,
  type SemanticTokens,
  type SemanticTokensParams,
  type SemanticTokensRangeParams,
} from "vscode-languageserver";
import { semanticTokenModifiers, semanticTokenTypes } from "../../../dockerfile/assist/semanticTokens.ts";
import { openDocument } from "../documents/documents.ts";
import type { Session } from "../session.ts";
import { toSemanticTokens } from "../toLsp/semanticTokens.ts";
import { toSpan } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** Semantic colours of a whole document. */
export const semanticTokensRequest = lspRequest<SemanticTokensParams, SemanticTokens | null>({
  name: () => "semantic tokens",
  capability: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: [...semanticTokenModifiers] },
      full: true,
      range: true,
    },
  },
  type: SemanticTokensRequest.type,
  failed: () => null,
  left: null,
  answer: (session, { textDocument }) => tokensOf(session, textDocument.uri),
});

/** The same for the visible lines. */
export const semanticTokensRangeRequest = lspRequest<SemanticTokensRangeParams, SemanticTokens | null>({
  name: () => "semantic tokens of a range",
  capability: {},
  type: SemanticTokensRangeRequest.type,
  failed: () => null,
  left: null,
  answer: (session, { textDocument, range }) => tokensOf(session, textDocument.uri, range),
});

async function tokensOf(session: Session, uri: string, range?: Range): Promise<SemanticTokens | null> {
  const open = await openDocument(session, uri);
  if (!open) return null;
  const { document } = open;
  const span = range ? toSpan(document, range) : { start: 0, end: document.getText().length };
  return toSemanticTokens(document, open.semanticTokens(span));
}
