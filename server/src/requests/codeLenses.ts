import { CodeLensRequest, type CodeLens, type CodeLensParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toCodeLens } from "../toLsp/codeLens.ts";
import { lspRequest } from "./request.ts";

/** Texts above the stages, if the user wants them. */
export const codeLensesRequest = lspRequest<CodeLensParams, CodeLens[] | null>({
  name: () => "code lenses",
  capability: { codeLensProvider: {} },
  type: CodeLensRequest.type,
  failed: () => null,
  async answer(session, { textDocument }) {
    const open = await openDocument(session, textDocument.uri);
    const commands = session.isTrusted
      ? { build: session.buildCommand, showLayer: session.layerCommand }
      : { build: undefined, showLayer: undefined };
    const lenses = open?.lenses() ?? [];
    session.lensesShown(lenses);
    return open ? lenses.flatMap((lens) => toCodeLens(open.document, lens, commands)) : null;
  },
});
