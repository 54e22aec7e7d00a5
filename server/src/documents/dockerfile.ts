import { codeActions } from "../features/codeActions.ts";
import { diagnostics } from "../features/diagnostics.ts";
import { inlayHints } from "../features/inlayHints.ts";
import { documentKind } from "./documentKind.ts";
import { dockerfileSnapshot } from "./dockerfileSnapshot.ts";

/** Whatever no other kind claims: the editor says which documents are Dockerfiles, by their language. */
export const dockerfile = documentKind({
  id: "dockerfile",
  matches: () => true,
  snapshot: dockerfileSnapshot,
  reports: diagnostics,
  codeActions,
  hints: inlayHints,
});
