import type { TextRange } from "../../../server/protocol/protocol.ts";

/** The Dockerfiles of the workspace, and the editor that shows them. */
export interface WorkspaceDockerfiles {
  /** Their URIs, in the order of their paths. */
  find(): Promise<readonly string[]>;
  /** As people know the file: its path in the workspace. */
  name(uri: string): string;
  /** Opens the file at a range, which stands out for a moment. */
  open(uri: string, range: TextRange): Promise<void>;
  /** Opens a text that can only be read, in the language of Dockerfiles. */
  showText(title: string, text: string): Promise<void>;
}
