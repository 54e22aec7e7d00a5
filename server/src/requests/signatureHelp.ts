import { SignatureHelpRequest, type SignatureHelp, type SignatureHelpParams } from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toSignatureHelp } from "../toLsp/signature.ts";
import { lspRequest } from "./request.ts";

/** The forms of an instruction. Sent when the user asks for it: after each blank of a script it would be in the way. */
export const signatureHelpRequest = lspRequest<SignatureHelpParams, SignatureHelp | null>({
  name: () => "signature help",
  capability: { signatureHelpProvider: {} },
  type: SignatureHelpRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const help = open?.signature(open.document.offsetAt(position));
    return help ? toSignatureHelp(help, session.capabilities.textDocument?.signatureHelp) : null;
  },
});
