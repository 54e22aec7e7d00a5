import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Session } from "../session.ts";
import { dockerfile } from "./dockerfile.ts";
import type { AnyDocumentKind, OpenDocument } from "./documentKind.ts";
import { dockerfileSnapshot, type Snapshot } from "./dockerfileSnapshot.ts";
import { ignoreFile } from "./ignoreFile.ts";
import { imageFile } from "./imageFile.ts";
import { imageFileSnapshot, type ImageFileSnapshot } from "./imageFileSnapshot.ts";
import { lintConfig } from "./lintConfig.ts";

/** Every kind of document; the first match wins. */
export const documentKinds: readonly AnyDocumentKind[] = [lintConfig, ignoreFile, imageFile, dockerfile];

/** Opens a document as its kind; undefined if the document isn't open. */
export async function openDocument(
  session: Session,
  uri: string,
  kinds = documentKinds,
): Promise<OpenDocument | undefined> {
  const document = session.documents.get(uri);
  const excess = document && excessOf(document);
  if (document && excess !== undefined) return tooLong(document, excess);
  return kindOf(uri, kinds)?.open(session, uri);
}

// A thousand times what people write. It limits the cost of one keystroke.
const maxDocumentCharacters = 2 * 1024 * 1024;

function excessOf(document: TextDocument): string | undefined {
  return document.offsetAt({ line: document.lineCount, character: 0 }) > maxDocumentCharacters
    ? "This file has more than 2 MB, so Imagewright does not check it"
    : undefined;
}

/** A document with a single notice and no analysis. */
function tooLong(document: TextDocument, message: string): OpenDocument {
  return {
    document,
    reports: () => [],
    problems: () => [{ span: { start: 0, end: 0 }, line: 0, message }],
    codeActions: () => [],
    pinAll: () => undefined,
    hints: () => [],
    lenses: () => [],
    completions: () => undefined,
    hover: () => undefined,
    signature: () => undefined,
    semanticTokens: () => [],
    outline: () => [],
    folds: () => [],
    formatting: () => [],
    newLineIndentation: () => [],
    links: () => [],
    selections: () => [],
    definition: () => undefined,
    places: () => [],
    renamable: () => undefined,
    rename: () => undefined,
  };
}

/**
 * The Dockerfile or other file with images at a URI, or the reason why it isn't read; undefined if the document isn't
 * open or is of another kind.
 */
export async function openImages(
  session: Session,
  uri: string,
): Promise<Snapshot | ImageFileSnapshot | { readonly refusal: string } | undefined> {
  const document = session.documents.get(uri);
  const refusal = document && excessOf(document);
  if (refusal !== undefined) return { refusal };
  const kind = kindOf(uri);
  if (kind === imageFile) return imageFileSnapshot(session, uri);
  return kind === dockerfile ? dockerfileSnapshot(session, uri) : undefined;
}

function kindOf(uri: string, kinds = documentKinds): AnyDocumentKind | undefined {
  return kinds.find((kind) => kind.matches(uri));
}
