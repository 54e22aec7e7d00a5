import { hoverAt } from "../../../dockerfile/assist/hover/hover.ts";
import type { HoverText } from "../../../dockerfile/assist/hover/hoverText.ts";
import { hoverIgnoreFile } from "../../../dockerfile/assist/hover/ignoreFile.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { IgnoreSnapshot } from "../documents/ignoreFileSnapshot.ts";

/** The hover at an offset of a Dockerfile. */
export function hover({ build, facts }: Snapshot, offset: number): HoverText | undefined {
  return hoverAt({ build, facts }, offset);
}

/** The hover at an offset of an ignore file. */
export function ignoreFileHover({ file, facts }: IgnoreSnapshot, offset: number): HoverText | undefined {
  return hoverIgnoreFile(file, facts, offset);
}
