import { commands, type ExtensionContext, type LogOutputChannel, Uri } from "vscode";
import type { PinMode } from "../../server/protocol/protocol.ts";
import { createDialogs } from "./actions/dialogs/vscodeDialogs.ts";
import { describeGit } from "./actions/gitDescription.ts";
import { createImageActions, type ImageActions } from "./actions/imageActions.ts";
import type { LayerFinder } from "./actions/actionParts.ts";
import { recentReferences } from "./actions/recentReferences.ts";
import type { SourceRegistry } from "./actions/targets.ts";
import type { BuildRecords } from "./builds/buildRecords.ts";
import { previousBuildRequest } from "./builds/previousBuild.ts";
import { imageViewRequest } from "./builds/imageView.ts";
import type { DiffRequest } from "./diff/side.ts";
import { createDockerfileActions, type DockerfileActions } from "./dockerfiles/dockerfileActions.ts";
import { projectFolders } from "./dockerfiles/projectFolders.ts";
import { createStageBuilder } from "./dockerfiles/stageBuilder.ts";
import { workspaceDockerfiles } from "./dockerfiles/editor.ts";
import { runWorkspacePin } from "./dockerfiles/pinWorkspace.ts";
import { runPin } from "./dockerfiles/pinFile.ts";
import { showInspect } from "./images/inspectDocuments.ts";
import type { ImageNode, ImageTreeNode, LayerNode } from "./images/node.ts";
import { type Pickable, pickImage, pickLayer, pickSide } from "./images/pick.ts";
import type { ImagesTree } from "./images/tree.ts";
import type { ImagesView } from "./images/view.ts";
import { createLayerFileActions, type LayerFileActions } from "./layerFiles/layerFileActions.ts";
import { layerFileUri } from "./layerFiles/provider.ts";
import type { SideOpener } from "./layerFiles/openSide.ts";
import type { LayerClient } from "../../oci/layers/client.ts";
import type { Server } from "./languageServer.ts";
import type { SourceActions } from "./sources/sourceActions.ts";

/**
 * The parts that commands need in addition to the view and the sources. Loaded by the first command that needs any of
 * them.
 */
export interface CommandParts {
  readonly images: ImageActions;
  readonly dockerfiles: DockerfileActions;
  readonly layerFiles: LayerFileActions;
  pickLayer(placeHolder: string): Promise<LayerNode | undefined>;
  pickSide(placeHolder: string): Promise<ImageNode | LayerNode | undefined>;
  imageView(given: unknown): Promise<DiffRequest | undefined>;
  previousBuild(node: ImageTreeNode | undefined): Promise<DiffRequest | undefined>;
  pin(mode: PinMode, where: "file" | "cursor"): Promise<void>;
  pinWorkspace(mode: "pin" | "update"): Promise<void>;
}

export interface CommandPartsOptions {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly sources: SourceRegistry;
  readonly sourceActions: Pick<SourceActions, "openArchive">;
  readonly tree: ImagesTree;
  readonly view: ImagesView;
  readonly server: Server;
  readonly layers: LayerClient;
  readonly registries: Omit<LayerFinder, "findLayers">;
  readonly openSide: SideOpener;
  readonly builds: BuildRecords;
}

export function createCommandParts(options: CommandPartsOptions): CommandParts {
  const { context, log, sources, sourceActions, tree, view, server } = options;
  const dialogs = createDialogs(log);
  const pick = (question: string, pickable?: Pickable) => pickImage(tree.readers, question, pickable);
  const asking = { sources, dialogs, pickImage: pick };
  const dockerfiles = createDockerfileActions({
    ...asking,
    server,
    dockerfiles: workspaceDockerfiles,
    builder: createStageBuilder(context.workspaceState),
    folders: projectFolders,
    pickLayer: (question) => pickLayer(tree.readers, question),
  });
  return {
    images: createImageActions({
      ...asking,
      recent: recentReferences(context.globalState),
      layers: { ...options.registries, findLayers: options.layers.findLayers },
      git: describeGit,
      inspect: showInspect,
      reveal: (sourceId, imageId) => (tree.refresh(sourceId, [imageId]), view.reveal(sourceId, imageId)),
      openArchive: (file) => sourceActions.openArchive(Uri.file(file)),
    }),
    dockerfiles,
    layerFiles: createLayerFileActions({
      dialogs,
      open: options.openSide,
      layers: options.layers,
      showFile: async (path) => void (await commands.executeCommand("vscode.open", layerFileUri(path))),
      showDiff: async (before, after, title) =>
        void (await commands.executeCommand("vscode.diff", layerFileUri(before), layerFileUri(after), title)),
      showInDockerfile: (node) => dockerfiles.show(node),
    }),
    pickLayer: (placeHolder) => pickLayer(tree.readers, placeHolder),
    pickSide: (placeHolder) => pickSide(tree.readers, placeHolder),
    imageView: (given) => imageViewRequest(given, asking),
    previousBuild: (node) =>
      previousBuildRequest(node, {
        records: options.builds,
        sources,
        dialogs,
        layers: options.layers,
        showText: (title, text) => workspaceDockerfiles.showText(title, text),
      }),
    pin: (mode, where) => runPin(mode, where, server, log),
    pinWorkspace: (mode) => runWorkspacePin(mode, { dockerfiles: workspaceDockerfiles, server, log }),
  };
}
