import { imageFileCompletion } from "../features/imageFileCompletion.ts";
import { pinImageActions, pinAllImages } from "../features/pins/pinActions.ts";
import { pinHints, pinHover, pinProblems } from "../features/pins/pinKnowledge.ts";
import { documentKind } from "./documentKind.ts";
import { imageFileSnapshot, otherKindOf, type ImageFileSnapshot } from "./imageFileSnapshot.ts";

/** Compose, Bake, workflow and dev container files: the images that they name, if a setting wants them pinned. */
export const imageFile = documentKind<ImageFileSnapshot>({
  id: "imageFile",
  matches: (uri) => otherKindOf(uri) !== undefined,
  snapshot: imageFileSnapshot,
  codeActions: (snapshot, _reports, range) => pinImageActions(snapshot, range),
  pinAll: pinAllImages,
  problems: pinProblems,
  hints: pinHints,
  completions: imageFileCompletion,
  hover: pinHover,
});
