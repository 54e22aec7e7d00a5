import { commands, type ExtensionContext, Uri, window, workspace } from "vscode";
import { createLayerClient } from "../../oci/layers/client.ts";
import type { Parts } from "./commands.ts";
import { createDialogs } from "./actions/dialogs/vscodeDialogs.ts";
import { describeGit } from "./actions/gitDescription.ts";
import { createImageActions } from "./actions/imageActions.ts";
import { recentReferences } from "./actions/recentReferences.ts";
import { createCompareActions } from "./diff/actions.ts";
import { createDiffPanels, diffViewType } from "./diff/panel.ts";
import { createDockerfileActions } from "./dockerfiles/dockerfileActions.ts";
import { stepDocuments, stepScheme, workspaceDockerfiles } from "./dockerfiles/editor.ts";
import { createInspectDocuments, inspectScheme, showInspect, showStatement } from "./images/inspectDocuments.ts";
import { pickImage, pickLayer, pickSide } from "./images/pick.ts";
import { ImagesTree } from "./images/tree.ts";
import { createImagesView, currentOptions } from "./images/view.ts";
import { createServer, dockerfiles } from "./languageClient.ts";
import { runPin } from "./dockerfiles/pinFile.ts";
import { ownEnvironment } from "./proxySettings.ts";
import { registerCommands } from "./registerCommands.ts";
import { onSettingsChange } from "./sources/onSettingsChange.ts";
import { createSourceActions } from "./sources/sourceActions.ts";
import { sourceSettings } from "./sources/sourceSettings.ts";
import { Sources } from "./sources/sources.ts";
import { engineInUse, sourcesState } from "./sources/sourcesState.ts";
import { createEngineStatus } from "./ui/engineStatus.ts";
import { reportFailure } from "./ui/report.ts";

/** Builds the parts and hands them to each other. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Imagewright", { log: true });
  const failed = (error: unknown): void => void reportFailure(error, log);
  const status = createEngineStatus([...dockerfiles]);
  const layers = createLayerClient({
    workerPath: context.asAbsolutePath("dist/layerWorker.js"),
    cacheFolder: Uri.joinPath(context.globalStorageUri, "layers").fsPath,
    environment: ownEnvironment,
  });
  const sources = new Sources({
    layers,
    settings: sourceSettings,
    isTrusted: () => workspace.isTrusted,
    onSources: () => showSources(),
    onImages: (sourceId, changed) => tree.refresh(sourceId, changed),
    onImage: (sourceId, imageId) => tree.refreshImage(sourceId, imageId),
    onNotice: (text) => log.warn(text),
  });
  const readers = { state: () => sourcesState(sources, workspace.isTrusted), source: sources.get.bind(sources) };
  const tree = new ImagesTree({ readers, options: () => currentOptions(context.workspaceState), onFailure: failed });
  const view = createImagesView(tree, context.workspaceState, failed);
  const showSources = (): void => {
    status.show(engineInUse(sources, workspace.isTrusted));
    commands.executeCommand("setContext", "imagewright.engine", sources.engine.kind).then(undefined, failed);
    tree.redraw(undefined);
  };
  const sourceActions = createSourceActions({ sources, memento: context.workspaceState, log });
  const restored = sourceActions.restore();
  const openSource = (sourceId: string) => sources.opened(sourceId, restored);
  const panels = createDiffPanels({
    extensionUri: context.extensionUri,
    source: openSource,
    diff: layers.diff,
    onRead: sources.noteRead.bind(sources),
    onFailure: failed,
  });
  const server = createServer(context, log);
  const dialogs = createDialogs(log);
  const parts: Parts = {
    ...sourceActions,
    images: createImageActions({
      sources: readers,
      dialogs,
      pickImage: (question, pickable) => pickImage(tree.readers, question, pickable),
      recent: recentReferences(context.globalState),
      git: describeGit,
      inspect: showInspect,
      reveal: (sourceId, imageId) => (tree.refresh(sourceId, [imageId]), view.reveal(sourceId, imageId)),
      openArchive: (file) => sourceActions.openArchive(Uri.file(file)),
    }),
    view,
    showStatement,
    compare: createCompareActions(panels),
    dockerfiles: createDockerfileActions({
      sources: readers,
      dialogs,
      server,
      dockerfiles: workspaceDockerfiles,
      pickImage: (question) => pickImage(tree.readers, question),
      pickLayer: (question) => pickLayer(tree.readers, question),
    }),
    refresh: () => (tree.refreshAll(), sources.connectAbsent()),
    pickLayer: (placeHolder) => pickLayer(tree.readers, placeHolder),
    pickSide: (placeHolder) => pickSide(tree.readers, placeHolder),
    pin: (mode, where) => runPin(mode, where, server, log),
    restartServer: () => server.restart(),
    showOutput: () => log.show(),
  };
  context.subscriptions.push(
    log,
    status,
    sources,
    view,
    tree,
    panels,
    registerCommands(parts, failed),
    window.registerWebviewPanelSerializer(diffViewType, panels),
    workspace.registerTextDocumentContentProvider(inspectScheme, createInspectDocuments(openSource)),
    workspace.registerTextDocumentContentProvider(stepScheme, stepDocuments),
    onSettingsChange(sources, failed),
    workspace.onDidGrantWorkspaceTrust(() => void Promise.all([sources.connect(), server.tellTrust()]).catch(failed)),
    { dispose: () => void server.stop().catch(() => undefined) },
  );
  showSources();
  // A server that does not start has been told about by its own client.
  server.start().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  Promise.all([sources.connect(), restored]).catch(failed);
}
