import type { WorkspaceEdit } from "vscode-languageserver";
import type { NewFile } from "../../../dockerfile/refactor/newIgnoreFile.ts";
import { fileUri } from "./fileUri.ts";

/** An edit that creates a file with its text, and fails if there is one. */
export function toNewFileEdit(file: NewFile): WorkspaceEdit {
  const uri = fileUri(file);
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: "create", uri, options: { overwrite: false, ignoreIfExists: false } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: file.text }] },
    ],
  };
}
