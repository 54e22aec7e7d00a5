import { isIgnoreFile } from "../../../dockerfile/facts/ignoreFileName.ts";
import { ignoreFileCompletion } from "../features/completion.ts";
import { ignoreFileActions, ignoreFileDiagnostics } from "../features/ignoreFile.ts";
import { ignoreFileHover } from "../features/hover.ts";
import { documentKind } from "./documentKind.ts";
import { ignoreFileSnapshot } from "./ignoreFileSnapshot.ts";

/** `.dockerignore` and `NAME.dockerignore`. */
export const ignoreFile = documentKind({
  id: "ignoreFile",
  matches: isIgnoreFile,
  snapshot: ignoreFileSnapshot,
  reports: ignoreFileDiagnostics,
  codeActions: ignoreFileActions,
  completions: ignoreFileCompletion,
  hover: ignoreFileHover,
});
