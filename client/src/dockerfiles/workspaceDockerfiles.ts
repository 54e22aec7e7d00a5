import type { TextRange } from "../../../server/protocol/protocol.ts";

/** The Dockerfiles of the workspace, and the editor that shows them. */
export interface WorkspaceDockerfiles {
  /** Their URIs, in path order. */
  find(): Promise<readonly string[]>;
  /** The file's name for display: its path in the workspace. */
  name(uri: string): string;
  /** Opens the file at a range and highlights it briefly. */
  open(uri: string, range: TextRange): Promise<void>;
  /** Opens a read-only text in the Dockerfile language. */
  showText(title: string, text: string): Promise<void>;
}

/** The files of the workspace that name images. */
export interface WorkspaceImageFiles extends WorkspaceDockerfiles {
  /**
   * Other files that name images, of the kinds in `imagewright.pin.otherFiles`. `unsaved` are those with unsaved
   * changes, which the server can't see.
   */
  findOthers(): Promise<{ readonly uris: readonly string[]; readonly unsaved: readonly string[] }>;
}
