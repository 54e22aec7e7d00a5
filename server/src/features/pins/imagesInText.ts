import { foreignText } from "../../../../dockerfile/lint/subject/foreignText.ts";
import { findReferences, type PlacedReference } from "../../../../dockerfile/references/findReferences.ts";
import type { Snapshot } from "../../documents/dockerfileSnapshot.ts";
import type { PinView } from "../../pinStates.ts";

/** The images that a document names, and what is known of them. */
export interface ImagesInText {
  readonly text: string;
  /** In file order. */
  readonly references: readonly PlacedReference[];
  readonly pins: PinView;
}

/** The images of a Dockerfile; none of text in another language, which only looks as if it had some. */
export function imagesInDockerfile({ file, pins }: Pick<Snapshot, "file" | "pins">): ImagesInText {
  return { text: file.text, references: foreignText(file) ? [] : findReferences(file), pins };
}

/** The images of a Dockerfile if it has a digest: most have none, and finding all references takes longer. */
export function pinnedImages(snapshot: Pick<Snapshot, "file" | "pins">): ImagesInText {
  const { file, pins } = snapshot;
  return file.text.includes("@sha") ? imagesInDockerfile(snapshot) : { text: file.text, references: [], pins };
}
