import { hoverAt } from "../../../dockerfile/assist/hover/hover.ts";
import { paragraphs } from "../../../dockerfile/assist/hover/markdown.ts";
import type { HoverText } from "../../../dockerfile/assist/hover/hoverText.ts";
import { hoverIgnoreFile } from "../../../dockerfile/assist/hover/ignoreFile.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { IgnoreSnapshot } from "../documents/ignoreFileSnapshot.ts";
import { imagesInDockerfile } from "./pins/imagesInText.ts";
import { pinHover } from "./pins/pinKnowledge.ts";

/** The hover at an offset of a Dockerfile. */
export function hover(snapshot: Snapshot, offset: number): HoverText | undefined {
  const { build, facts } = snapshot;
  const found = hoverAt({ build, facts }, offset);
  const pin = pinHover(imagesInDockerfile(snapshot), offset);
  return found && pin ? { ...found, markdown: paragraphs(found.markdown, pin.markdown) } : (found ?? pin);
}

/** The hover at an offset of an ignore file. */
export function ignoreFileHover({ file, facts }: IgnoreSnapshot, offset: number): HoverText | undefined {
  return hoverIgnoreFile(file, facts, offset);
}
