import type { Dialogs } from "../actions/dialogs/dialogs.ts";
import type { SourceRegistry } from "../actions/targets.ts";
import type { ImageNode, LayerNode } from "../images/node.ts";
import type { Server } from "../languageServer.ts";
import type { StageBuilder } from "./buildStage.ts";
import type { ProjectFolders } from "./createDockerfile.ts";
import type { WorkspaceDockerfiles } from "./workspaceDockerfiles.ts";

/** The parts used by commands that lead from an image to Dockerfiles; made in `extension.ts`. */
export interface DockerfileParts {
  readonly sources: SourceRegistry;
  readonly dialogs: Dialogs;
  readonly server: Pick<Server, "origins" | "pinImage" | "projectDockerfiles">;
  readonly dockerfiles: WorkspaceDockerfiles;
  readonly builder: StageBuilder;
  readonly folders: ProjectFolders;
  pickImage(question: string): Promise<ImageNode | undefined>;
  pickLayer(placeHolder: string): Promise<LayerNode | undefined>;
}
