import type { TextRange } from "../../protocol/protocol.ts";

/** The definitions in the files of the workspace, as they were on disk when last read. */
export interface WorkspaceView {
  readonly dockerfiles: readonly IndexedDockerfile[];
  readonly builds: readonly IndexedBuild[];
}

export interface IndexedDockerfile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly stages: readonly IndexedStage[];
}

export interface IndexedStage {
  /** As in the outline: its name, or what it is based on. */
  readonly name: string;
  readonly range: TextRange;
}

/** A build that a Compose file, a Bake file or a workflow defines. */
export interface IndexedBuild {
  /** The absolute path of its Dockerfile. */
  readonly dockerfile: string;
  readonly target?: string;
  /** The names that the image gets. */
  readonly images: readonly string[];
}
