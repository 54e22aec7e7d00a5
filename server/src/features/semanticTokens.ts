import { semanticTokens as tokensIn, type SemanticToken } from "../../../dockerfile/assist/semanticTokens.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** Words of a range whose meaning isn't obvious from their text. */
export function semanticTokens({ build }: Snapshot, range: Span): readonly SemanticToken[] {
  return tokensIn(build, range);
}
