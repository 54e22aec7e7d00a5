import { basename } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { isInside } from "../../../dockerfile/facts/candidateRoots.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../../dockerfile/syntax/syntax.ts";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { filePath, type Session } from "../session.ts";

/** A Dockerfile of the workspace in its current state. */
export interface WorkspaceFile {
  /** As requested. */
  readonly uri: string;
  readonly document: TextDocument;
  readonly file: Dockerfile;
  /**
   * True if the document is open in the editor, with a version that edits can name; otherwise it was read from disk.
   */
  readonly isOpen: boolean;
}

export interface WorkspaceFiles {
  readonly files: readonly WorkspaceFile[];
  /** The reasons why other files weren't read, one sentence each. */
  readonly leftOut: readonly string[];
}

// More Dockerfiles than any repository has, each up to the parser's limit; together they can be read in a second.
const maxFiles = 1000;
const maxFileBytes = 2 * 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads Dockerfiles for a command: open ones from the editor, the rest from disk, if they are in a folder of the
 * workspace.
 */
export async function readDockerfiles(
  session: Session,
  uris: readonly string[],
  signal: AbortSignal,
): Promise<WorkspaceFiles> {
  const files: WorkspaceFile[] = [];
  const leftOut: string[] = [];
  let left = maxBytes;
  for (const uri of uris.slice(0, maxFiles)) {
    signal.throwIfAborted();
    const read = await readOne(session, uri, Math.min(maxFileBytes, left));
    if (typeof read === "string") {
      leftOut.push(read);
      continue;
    }
    files.push(read);
    left -= read.file.text.length;
  }
  if (uris.length > maxFiles) leftOut.push(`${uris.length - maxFiles} more files were not read`);
  return { files, leftOut };
}

async function readOne(session: Session, uri: string, maxLength: number): Promise<WorkspaceFile | string> {
  const path = filePath(uri);
  const open = session.documents.get(uri) ?? (path === undefined ? undefined : session.openDocument(path));
  if (open)
    return workspaceFile(uri, TextDocument.create(open.uri, open.languageId, open.version, open.getText()), "open");
  const within = path === undefined ? undefined : session.folders.find((folder) => isInside(folder, path));
  if (path === undefined || within === undefined) return `${uri} is neither open nor in a folder of the workspace`;
  const read = await readBounded(path, { maxBytes: maxLength, ...(!session.isTrusted && { within }) });
  if (read.state !== "read")
    return `${basename(path)} could not be read: ${read.state === "absent" ? "the file does not exist" : read.reason}`;
  return workspaceFile(uri, TextDocument.create(uri, "dockerfile", 0, read.bytes.toString("utf8")), "closed");
}

function workspaceFile(uri: string, document: TextDocument, state: "open" | "closed"): WorkspaceFile {
  return { uri, document, file: parse(document.getText()), isOpen: state === "open" };
}
