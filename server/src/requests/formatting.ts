import {
  DocumentFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  type DocumentFormattingParams,
  type DocumentOnTypeFormattingParams,
  type DocumentRangeFormattingParams,
  type FormattingOptions,
  type Range,
  type TextEdit,
} from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import type { EditorFormat } from "../features/formatting.ts";
import type { Session } from "../session.ts";
import { toSpan, toTextEdit } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** Lays a document out. */
export const formattingRequest = lspRequest<DocumentFormattingParams, TextEdit[] | null>({
  name: () => "formatting",
  capability: { documentFormattingProvider: true },
  type: DocumentFormattingRequest.type,
  failed: () => null,
  left: null,
  answer: (session, { textDocument, options }) => formatted(session, textDocument.uri, options),
});

/** Lays out the lines of a range. */
export const rangeFormattingRequest = lspRequest<DocumentRangeFormattingParams, TextEdit[] | null>({
  name: () => "range formatting",
  capability: { documentRangeFormattingProvider: true },
  type: DocumentRangeFormattingRequest.type,
  failed: () => null,
  left: null,
  answer: (session, { textDocument, options, range }) => formatted(session, textDocument.uri, options, range),
});

/** Indents the line that Enter has begun. */
export const onTypeFormattingRequest = lspRequest<DocumentOnTypeFormattingParams, TextEdit[] | null>({
  name: () => "formatting on type",
  capability: { documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n" } },
  type: DocumentOnTypeFormattingRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position, options }) {
    const open = await openDocument(session, textDocument.uri);
    if (!open) return null;
    const { document } = open;
    const changes = open.newLineIndentation(document.offsetAt(position), formatOf(options));
    return changes.map((change) => toTextEdit(document, change));
  },
});

async function formatted(
  session: Session,
  uri: string,
  options: FormattingOptions,
  range?: Range,
): Promise<TextEdit[] | null> {
  const open = await openDocument(session, uri);
  if (!open) return null;
  const { document } = open;
  const span = range ? toSpan(document, range) : { start: 0, end: document.getText().length };
  return open.formatting(span, formatOf(options)).map((change) => toTextEdit(document, change));
}

// More columns than anyone indents by.
const maxTabSize = 32;

/** The layout that the editor requests; a step without a sensible width is four columns. */
function formatOf(options: FormattingOptions): EditorFormat {
  const { tabSize, insertSpaces, insertFinalNewline, trimFinalNewlines } = options;
  return {
    tabSize: Number.isInteger(tabSize) && tabSize > 0 && tabSize <= maxTabSize ? tabSize : 4,
    insertSpaces,
    insertsFinalNewline: insertFinalNewline === true,
    trimsFinalNewlines: trimFinalNewlines === true,
  };
}
