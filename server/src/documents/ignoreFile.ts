import { isIgnoreFile } from "../../../dockerfile/facts/ignoreFileName.ts";
import { ignoreFileActions, ignoreFileDiagnostics } from "../features/ignoreFile.ts";
import { documentKind } from "./documentKind.ts";
import { ignoreFileSnapshot } from "./ignoreFileSnapshot.ts";

/** `.dockerignore` and `NAME.dockerignore`. */
export const ignoreFile = documentKind({
  id: "ignoreFile",
  matches: isIgnoreFile,
  snapshot: ignoreFileSnapshot,
  reports: ignoreFileDiagnostics,
  codeActions: ignoreFileActions,
});
