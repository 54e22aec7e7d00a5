import type { ImageTreeNode } from "../images/node.ts";
import { buildStage } from "./buildStage.ts";
import { createDockerfile } from "./createDockerfile.ts";
import type { DockerfileParts } from "./dockerfileParts.ts";
import { copyFromLine, pinInDockerfile } from "./pinInDockerfile.ts";
import { showInDockerfile } from "./showInDockerfile.ts";

/** Actions that lead from an image to Dockerfiles. They prompt for anything that the row doesn't specify. */
export interface DockerfileActions {
  show(node: ImageTreeNode | undefined): Promise<void>;
  pin(node: ImageTreeNode | undefined): Promise<void>;
  copyFromLine(node: ImageTreeNode | undefined): Promise<void>;
  /** Writes a Dockerfile for a project of the workspace. */
  create(): Promise<void>;
  /** Builds a stage; `stage` should be `BuildStageArguments`. */
  build(stage: unknown): Promise<void>;
}

export function createDockerfileActions(parts: DockerfileParts): DockerfileActions {
  return {
    show: (node) => showInDockerfile(node, parts),
    pin: (node) => pinInDockerfile(node, parts),
    copyFromLine: (node) => copyFromLine(node, parts),
    create: () => createDockerfile(parts),
    build: (stage) => buildStage(stage, parts.dialogs, parts.builder),
  };
}
