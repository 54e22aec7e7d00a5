import { commands, type ExtensionContext, Uri, window, workspace } from "vscode";
import { createLayerClient } from "../../oci/source/layerClient.ts";
import { commandTable, type Parts } from "./commands.ts";
import { createCompareActions } from "./diff/actions.ts";
import { createDiffPanels, diffViewType } from "./diff/panel.ts";
import { chooseEngine, createImageActions } from "./images/actions.ts";
import { forgetArchive, openArchive, reopenArchives } from "./images/archives.ts";
import type { TreeReaders } from "./images/children.ts";
import { createInspectDocuments, inspectScheme } from "./images/inspect.ts";
import type { ImageTreeNode } from "./images/node.ts";
import { pickLayer, pickImage, pickSide } from "./images/pick.ts";
import { ImagesTree } from "./images/tree.ts";
import { createServer, dockerfiles } from "./languageClient.ts";
import { runPin } from "./pin/commands.ts";
import { Sources } from "./sources/sources.ts";
import { shownEngine, treeState } from "./treeState.ts";
import { createEngineStatus } from "./ui/engineStatus.ts";
import { reportFailure } from "./ui/report.ts";

/** Builds the parts and hands them to each other. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Imagewright", { log: true });
  const failed = (error: unknown): void => void reportFailure(error, log);
  const status = createEngineStatus([...dockerfiles]);
  const sources = new Sources({
    layers: createLayerClient({ workerPath: context.asAbsolutePath("dist/layerWorker.js"), cacheFolder: Uri.joinPath(context.globalStorageUri, "layers").fsPath }),
    engineHost: () => workspace.getConfiguration("imagewright").get("engine.host", ""),
    isTrusted: () => workspace.isTrusted,
    onSources: () => showSources(),
    onImages: () => tree.refresh(),
    onNotice: (text) => log.warn(text),
  });
  const source = sources.get.bind(sources);
  const readers: TreeReaders = { state: () => treeState(sources, workspace.isTrusted), source };
  const tree = new ImagesTree(readers, failed);
  const showSources = (): void => {
    status.show(shownEngine(sources, workspace.isTrusted));
    commands.executeCommand("setContext", "imagewright.engine", sources.engine.kind).then(undefined, failed);
    tree.refresh();
  };
  const panels = createDiffPanels({ extensionUri: context.extensionUri, source, onFailure: failed });
  const server = createServer(context, log);
  const archives = { open: sources.openArchive.bind(sources), memento: context.workspaceState, log };
  const parts: Parts = {
    images: createImageActions({ readers, source, log }),
    compare: createCompareActions(panels),
    refresh: async () => (sources.engine.kind === "ready" ? tree.refresh() : sources.connect()),
    chooseEngine,
    openArchive: (uri) => openArchive(uri, archives),
    closeArchive: (sourceId) => (sources.closeArchive(sourceId), forgetArchive(sourceId.replace(/^archive:/, ""), context.workspaceState)),
    pickLayer: async (placeHolder) => {
      const image = await pickImage(readers, placeHolder);
      return image && pickLayer(image, readers, placeHolder);
    },
    pickSide: (placeHolder) => pickSide(readers, placeHolder),
    pin: (mode, where) => runPin(mode, where, server, log),
    restartServer: () => server.restart(),
    showOutput: () => log.show(),
  };
  context.subscriptions.push(log, status, sources, tree, panels, registerCommands(parts, failed), window.registerWebviewPanelSerializer(diffViewType, panels),
    window.createTreeView("imagewright.images", { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true }),
    workspace.registerTextDocumentContentProvider(inspectScheme, createInspectDocuments(source)),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("imagewright.engine.host") && void sources.connect().catch(failed)),
    workspace.onDidGrantWorkspaceTrust(() => void Promise.all([sources.connect(), server.tellTrust()]).catch(failed)),
    { dispose: () => void server.stop().catch(() => undefined) });
  showSources();
  // A server that does not start has been told about by its own client.
  server.start().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  Promise.all([sources.connect(), reopenArchives(archives)]).catch(failed);
}

function registerCommands(parts: Parts, failed: (error: unknown) => void): { dispose(): void } {
  const registered = Object.entries(commandTable).map(([id, handler]) =>
    commands.registerCommand(id, async (node?: ImageTreeNode, nodes?: readonly ImageTreeNode[]) => {
      try {
        await handler(parts, node, nodes ?? (node ? [node] : []));
      } catch (error) {
        failed(error);
      }
    }));
  return { dispose: () => registered.forEach((each) => each.dispose()) };
}
