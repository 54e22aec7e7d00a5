import { signatureAt, type SignatureHelp } from "../../../dockerfile/assist/signature.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The forms of the instruction at an offset of a Dockerfile. */
export function signature({ file }: Snapshot, offset: number): SignatureHelp | undefined {
  return signatureAt(file, offset);
}
