import { codeActions } from "../features/codeActions.ts";
import { codeLenses } from "../features/codeLenses.ts";
import { completion } from "../features/completion.ts";
import { diagnostics } from "../features/diagnostics.ts";
import { folds } from "../features/folding.ts";
import { formatting, newLineIndentation } from "../features/formatting.ts";
import { hover } from "../features/hover.ts";
import { inlayHints } from "../features/inlayHints.ts";
import { definition, places } from "../features/definition.ts";
import { links } from "../features/links.ts";
import { outline } from "../features/documentSymbols.ts";
import { pinHints, pinProblems } from "../features/pins/pinKnowledge.ts";
import { imagesInDockerfile, pinnedImages } from "../features/pins/imagesInText.ts";
import { pinAllImages } from "../features/pins/pinActions.ts";
import { renamable, rename } from "../features/rename.ts";
import { semanticTokens } from "../features/semanticTokens.ts";
import { selections } from "../features/selections.ts";
import { signature } from "../features/signature.ts";
import { documentKind } from "./documentKind.ts";
import { dockerfileSnapshot } from "./dockerfileSnapshot.ts";

/** Handles every document that no other kind claims: the editor decides by language which documents are Dockerfiles. */
export const dockerfile = documentKind({
  id: "dockerfile",
  matches: () => true,
  snapshot: dockerfileSnapshot,
  reports: diagnostics,
  codeActions,
  pinAll: (snapshot) => pinAllImages(imagesInDockerfile(snapshot)),
  problems: (snapshot) => pinProblems(pinnedImages(snapshot)),
  hints: (snapshot, range) => [...inlayHints(snapshot, range), ...pinHints(pinnedImages(snapshot), range)],
  lenses: codeLenses,
  completions: completion,
  hover,
  signature,
  semanticTokens,
  outline,
  folds,
  formatting,
  newLineIndentation,
  links,
  selections,
  definition,
  places,
  renamable,
  rename,
});
