import { basename } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { isInside } from "../../../dockerfile/facts/candidateRoots.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../../dockerfile/syntax/syntax.ts";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { filePath, type Session } from "../session.ts";

/** A Dockerfile of the workspace as it is now. */
export interface WorkspaceFile {
  /** As it was asked for. */
  readonly uri: string;
  readonly document: TextDocument;
  readonly file: Dockerfile;
  /** Whether the document is the editor's, with a version that edits can name; else it is what the disk has. */
  readonly isOpen: boolean;
}

export interface WorkspaceFiles {
  readonly files: readonly WorkspaceFile[];
  /** Why others were not read, one sentence each. */
  readonly leftOut: readonly string[];
}

// More Dockerfiles than any repository has, each as long as the parser reads; together what a second can read.
const maxFiles = 1000;
const maxFileBytes = 2 * 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

/** Reads Dockerfiles for a command: what is open in the editor as it stands there, the rest from the disk, where it lies in a folder of the workspace. */
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
