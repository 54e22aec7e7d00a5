import type { SignatureHelp, SignatureHelpClientCapabilities, SignatureInformation } from "vscode-languageserver";
import type { Signature, SignatureHelp as Help } from "../../../dockerfile/assist/signature.ts";
import { toMarkup } from "./markup.ts";

/** The forms of an instruction as an editor shows them; parameters are texts for those that know no offsets. */
export function toSignatureHelp(
  { signatures, active, activeParameter }: Help,
  client: SignatureHelpClientCapabilities = {},
): SignatureHelp {
  return {
    signatures: signatures.map((signature) => toSignature(signature, client)),
    activeSignature: active,
    activeParameter,
  };
}

function toSignature(
  { label, documentation, parameters }: Signature,
  { signatureInformation }: SignatureHelpClientCapabilities,
): SignatureInformation {
  const knowsOffsets = signatureInformation?.parameterInformation?.labelOffsetSupport === true;
  return {
    label,
    documentation: toMarkup(documentation, signatureInformation?.documentationFormat),
    parameters: parameters.map(({ start, end }) => ({
      label: knowsOffsets ? [start, end] : label.slice(start, end),
    })),
  };
}
