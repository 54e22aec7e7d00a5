import { SemanticTokensBuilder, type SemanticTokens } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  semanticTokenModifiers,
  semanticTokenTypes,
  type SemanticToken,
} from "../../../dockerfile/assist/semanticTokens.ts";

/** Encodes tokens as the numbers of the protocol, in the order of their legend. */
export function toSemanticTokens(document: TextDocument, tokens: readonly SemanticToken[]): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const { span, type, modifiers } of tokens) {
    const { line, character } = document.positionAt(span.start);
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << semanticTokenModifiers.indexOf(modifier)), 0);
    builder.push(line, character, span.end - span.start, semanticTokenTypes.indexOf(type), bits);
  }
  return builder.build();
}
