import { grouped } from "../../oci/core/text.ts";
import type { Span } from "../syntax/syntax.ts";

// Ten times as many as the longest ignore files have. Together with the length this limits the cost of matching one
// path.
export const maxIgnorePatterns = 10_000;
// A path on Linux may have 4,096 bytes; handwritten patterns have some dozen characters.
export const maxIgnorePatternCharacters = 1_024;
// 10,000 patterns of a hundred characters each.
export const maxIgnoreFileBytes = 1024 * 1024;

/** Part of an ignore file that isn't applied; `reason` completes "the ignore file has …". */
export interface ExcessPatterns {
  readonly span: Span;
  readonly reason: string;
}

export const tooManyPatterns = `more than ${grouped(maxIgnorePatterns)} patterns`;
export const tooLongPattern = `a pattern of more than ${grouped(maxIgnorePatternCharacters)} characters`;
