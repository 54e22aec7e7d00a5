import { codeActionsRequest } from "./codeActions.ts";
import { codeLensesRequest } from "./codeLenses.ts";
import { completionRequest } from "./completion.ts";
import { diagnosticsRequest } from "./diagnostics.ts";
import { definitionRequest } from "./definition.ts";
import { documentLinksRequest } from "./documentLinks.ts";
import { documentHighlightRequest } from "./documentHighlight.ts";
import { documentSymbolsRequest } from "./documentSymbols.ts";
import { executeCommandRequest } from "./executeCommand.ts";
import { foldingRequest } from "./folding.ts";
import { formattingRequest, onTypeFormattingRequest, rangeFormattingRequest } from "./formatting.ts";
import { hoverRequest } from "./hover.ts";
import { inlayHintsRequest } from "./inlayHints.ts";
import { referencesRequest } from "./references.ts";
import { prepareRenameRequest, renameRequest } from "./rename.ts";
import { selectionRangesRequest } from "./selectionRanges.ts";
import { signatureHelpRequest } from "./signatureHelp.ts";
import { workspaceSymbolsRequest } from "./workspaceSymbols.ts";
import { semanticTokensRangeRequest, semanticTokensRequest } from "./semanticTokens.ts";
import type { AnyLspRequest } from "./request.ts";

/** Every supported request, in addition to those of the protocol's life cycle. */
export const requests: readonly AnyLspRequest[] = [
  diagnosticsRequest,
  inlayHintsRequest,
  codeActionsRequest,
  codeLensesRequest,
  executeCommandRequest,
  completionRequest,
  hoverRequest,
  semanticTokensRequest,
  semanticTokensRangeRequest,
  documentSymbolsRequest,
  foldingRequest,
  definitionRequest,
  referencesRequest,
  documentHighlightRequest,
  renameRequest,
  prepareRenameRequest,
  formattingRequest,
  rangeFormattingRequest,
  onTypeFormattingRequest,
  documentLinksRequest,
  selectionRangesRequest,
  signatureHelpRequest,
  workspaceSymbolsRequest,
];
