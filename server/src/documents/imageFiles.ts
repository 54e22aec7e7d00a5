import type { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { findInFile } from "../../../references/findInFile.ts";
import type { FileKind, FindOptions, FoundReferences } from "../../../references/in/fileKind.ts";
import type { WorkspaceView } from "../workspace/workspaceView.ts";

/** A version of a file other than a Dockerfile. */
export interface ImageFileVersion {
  /** Absolute; absent for a document that isn't on this machine's disk. */
  readonly path?: string;
  readonly document: TextDocument;
  readonly kind: FileKind;
  readonly comments: FindOptions["comments"];
}

/** The images of open files other than Dockerfiles. */
export interface ImageFiles {
  /**
   * Finds the images of a file, once for each version of it. What its build arguments put into a FROM is known as far
   * as the workspace's Dockerfiles are: no disk is read.
   */
  find(file: ImageFileVersion): Promise<FoundReferences>;
  /** Finds the images of a text that the file might have. */
  findIn(text: string, file: Omit<ImageFileVersion, "document">): Promise<FoundReferences>;
  forget(uri: string): void;
}

interface Known extends Pick<ImageFileVersion, "comments"> {
  readonly version: number;
  readonly view: WorkspaceView;
  readonly found: Promise<FoundReferences>;
}

export function createImageFiles(workspace: () => WorkspaceView, loadHcl: FindOptions["loadHcl"]): ImageFiles {
  const files = new Map<string, Known>();
  const isSame = (known: Known, { document, comments }: ImageFileVersion, view: WorkspaceView): boolean =>
    known.version === document.version && known.comments === comments && known.view === view;
  const findIn: ImageFiles["findIn"] = (text, { kind, comments, path }) =>
    findInFile(
      { text, kind, ...(path !== undefined && { path }) },
      { comments, loadHcl, readDockerfile: (wanted) => Promise.resolve(dockerfileIn(workspace(), wanted)) },
    );
  return {
    findIn,
    find(file) {
      const { document, comments } = file;
      const { uri, version } = document;
      const view = workspace();
      const known = files.get(uri);
      if (known && isSame(known, file, view)) return known.found;
      const found = findIn(document.getText(), file);
      files.set(uri, { version, comments, view, found });
      return found;
    },
    forget: (uri) => void files.delete(uri),
  };
}

function dockerfileIn({ dockerfiles }: WorkspaceView, path: string) {
  const indexed = dockerfiles.find((one) => one.path === path);
  return indexed && parse(indexed.text);
}
