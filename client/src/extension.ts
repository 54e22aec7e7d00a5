import { commands, type ExtensionContext, type LogOutputChannel, window, workspace } from "vscode";
import { createLayerClient, type LayerClient } from "../../oci/layers/client.ts";
import { layerCacheFolder } from "../../oci/source/cacheFolder.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import { once } from "./async/once.ts";
import { BuildRecords } from "./builds/buildRecords.ts";
import { createLazyBuilds } from "./builds/lazyBuilds.ts";
import type { Parts } from "./commands.ts";
import { createCompareActions } from "./diff/compareActions.ts";
import { type DiffRequest, type DiffSide, diffViewType, shortSide } from "./diff/side.ts";
import { createDocsPages, docsScheme } from "./docsPages.ts";
import { stepDocuments, stepScheme } from "./dockerfiles/editor.ts";
import { onFirstDockerfile } from "./dockerfiles/firstDockerfile.ts";
import { createInspectDocuments, inspectScheme, showStatement } from "./images/inspectDocuments.ts";
import { ImagesTree } from "./images/tree.ts";
import { createImagesView, currentOptions, type ImagesView } from "./images/view.ts";
import { lazyFileSystem } from "./layerFiles/lazyFileSystem.ts";
import { layerFileScheme } from "./layerFiles/scheme.ts";
import { dockerfilesOf, servedSchemes, type Server } from "./languageServer.ts";
import { createLazyServer } from "./lazyServer.ts";
import { ownEnvironment } from "./proxySettings.ts";
import { registerCommands } from "./registerCommands.ts";
import { onSettingsChange } from "./sources/onSettingsChange.ts";
import type { ImageSource } from "./sources/source.ts";
import { createSourceActions } from "./sources/sourceActions.ts";
import { sourceSettings } from "./sources/sourceSettings.ts";
import { Sources } from "./sources/sources.ts";
import { engineInUse, sourcesState } from "./sources/sourcesState.ts";
import { createEngineStatus } from "./ui/engineStatus.ts";
import { reportFailure } from "./ui/report.ts";
import type { Panels } from "./webview/panels.ts";
import { l10n } from "./ui/l10n.ts";

/**
 * Creates the parts and connects them. Only the code that shows the view and registers commands is loaded at once: each
 * `import(…)` is loaded on first use, as a separate chunk of the bundle.
 */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Imagewright", { log: true });
  const failed = (error: unknown): void => void reportFailure(error, log);
  const host: Host = { context, log, failed };
  const server = createLazyServer(context, log);
  const images = createImages(host, server);
  const panels = loadPanels(host, images, server);
  const parts = createParts(host, images, server, panels);
  context.subscriptions.push(
    log,
    ...images.disposables,
    registerCommands(parts, failed),
    window.registerWebviewPanelSerializer(diffViewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await panels()).deserializeWebviewPanel(panel, state),
    }),
    workspace.registerTextDocumentContentProvider(inspectScheme, createInspectDocuments(images.openSource)),
    workspace.registerTextDocumentContentProvider(stepScheme, stepDocuments),
    workspace.registerTextDocumentContentProvider(docsScheme, createDocsPages(context.extensionUri)),
    registerLayerFiles(images),
    onFirstDockerfile(dockerfilesOf(servedSchemes(workspace.workspaceFolders)), failed),
    onSettingsChange(images.sources, failed),
    workspace.onDidGrantWorkspaceTrust(
      () => void Promise.all([images.sources.connect(), server.tellTrust()]).catch(failed),
    ),
    { dispose: () => void server.stop().catch(() => undefined) },
  );
  images.showSources();
  // The client has already reported a server that doesn't start.
  server.start().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  Promise.all([images.sources.connect(), images.restored]).catch(failed);
  import("./overlap.ts").then(({ askAboutOverlap }) => askAboutOverlap(context.globalState)).catch(failed);
}

interface Host {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  /** Reports a bug. */
  failed(error: unknown): void;
}

/** The images view with all its parts. */
interface Images {
  readonly layers: LayerClient;
  readonly sources: Sources;
  readonly tree: ImagesTree;
  readonly view: ImagesView;
  readonly sourceActions: ReturnType<typeof createSourceActions>;
  readonly builds: BuildRecords;
  /** Settled once the sources that were open when the window closed are open again. */
  readonly restored: Promise<void>;
  readonly disposables: readonly { dispose(): void }[];
  openSource(sourceId: string): Promise<ImageSource | undefined>;
  showSources(): void;
}

function createImages(host: Host, server: Server): Images {
  const { context, log, failed } = host;
  const status = createEngineStatus(dockerfilesOf(servedSchemes(workspace.workspaceFolders)));
  const layers = createLayerClient({
    workerPath: context.asAbsolutePath("dist/layerWorker.js"),
    cacheFolder: layerCacheFolder(machineEnvironment()),
    environment: ownEnvironment,
  });
  const sources = new Sources({
    layers,
    settings: sourceSettings,
    isTrusted: () => workspace.isTrusted,
    onSources: () => (showSources(), followed.lookAtNew()),
    onImages: (sourceId, changed) => {
      tree.refresh(sourceId, changed);
      if (changed.length > 0) followed.look(sourceId);
    },
    onImage: (sourceId, imageId) => tree.refreshImage(sourceId, imageId),
    onNotice: (text) => log.warn(text),
  });
  const readers = registryOf(sources);
  const tree = new ImagesTree({ readers, options: () => currentOptions(context.workspaceState), onFailure: failed });
  const view = createImagesView(tree, context.workspaceState, failed);
  const builds = new BuildRecords(context.workspaceState);
  const followed = createLazyBuilds(sources, failed, async () => {
    const { followBuilds } = await import("./builds/followBuilds.ts");
    return followBuilds({ records: builds, sources: readers, server, readers: tree.readers, onFailure: failed });
  });
  const showSources = (): void => {
    status.show(engineInUse(sources, workspace.isTrusted));
    commands.executeCommand("setContext", "imagewright.engine", sources.engine.kind).then(undefined, failed);
    tree.redraw(undefined);
  };
  const sourceActions = createSourceActions({ sources, memento: context.workspaceState, log });
  const restored = sourceActions.restore();
  const openSource = (sourceId: string) => sources.opened(sourceId, restored);
  const disposables = [status, sources, view, tree, followed];
  return { layers, sources, tree, view, sourceActions, builds, restored, disposables, openSource, showSources };
}

/** The sources as the tree and the actions see them. */
function registryOf(sources: Sources) {
  return { state: () => sourcesState(sources, workspace.isTrusted), source: sources.get.bind(sources) };
}

function createParts(host: Host, images: Images, server: Server, panels: () => Promise<Panels<DiffRequest>>): Parts {
  const { sources, tree, view, sourceActions } = images;
  const load = once(async () => {
    const [{ createCommandParts }, { createSideOpener }] = await Promise.all([
      import("./commandParts.ts"),
      import("./layerFiles/openSide.ts"),
    ]);
    const openSide = createSideOpener(images.openSource);
    const registries = {
      registryImage: sources.registryImage.bind(sources),
      insecureRegistries: () => sourceSettings().insecureRegistries,
      noteRead: sources.noteRead.bind(sources),
    };
    return createCommandParts({ ...host, ...images, sources: registryOf(sources), registries, server, openSide });
  });
  return {
    ...sourceActions,
    images: async () => (await load()).images,
    view,
    showStatement,
    compare: createCompareActions({
      open: async (request) => (await panels()).open(request),
      pickLayer: async (question) => (await load()).pickLayer(question),
      pickSide: async (question) => (await load()).pickSide(question),
      imageView: async (given) => (await load()).imageView(given),
      previousBuild: async (node) => (await load()).previousBuild(node),
      showSelected,
    }),
    dockerfiles: async () => (await load()).dockerfiles,
    layerFiles: async () => (await load()).layerFiles,
    refresh: () => (tree.refreshAll(), sources.connectAbsent()),
    pin: async (mode, where) => (await load()).pin(mode, where),
    pinWorkspace: async (mode) => (await load()).pinWorkspace(mode),
    restartServer: () => server.restart(),
    showOutput: () => host.log.show(),
  };
}

/** Makes files of layers available to any editor, read-only. */
function registerLayerFiles({ layers, openSource }: Images): { dispose(): void } {
  const load = once(async () => {
    const [{ createLayerFileProvider }, { createSideOpener }] = await Promise.all([
      import("./layerFiles/provider.ts"),
      import("./layerFiles/openSide.ts"),
    ]);
    return createLayerFileProvider(createSideOpener(openSource), layers);
  });
  const options = { isReadonly: true, isCaseSensitive: true };
  return workspace.registerFileSystemProvider(layerFileScheme, lazyFileSystem(load), options);
}

async function showSelected(side: DiffSide): Promise<void> {
  await commands.executeCommand("setContext", "imagewright.hasSelectedForCompare", true);
  window.setStatusBarMessage(l10n.t("Selected for compare: {0}", shortSide(side)), 4000);
}

function loadPanels({ context, failed }: Host, images: Images, server: Server): () => Promise<Panels<DiffRequest>> {
  return once(async () => {
    const [{ createDiffPanels }, { createLineFinder }, { withFormerBuilds }] = await Promise.all([
      import("./diff/panel.ts"),
      import("./dockerfiles/lineFinder.ts"),
      import("./builds/formerBuild.ts"),
    ]);
    const panels = createDiffPanels({
      extensionUri: context.extensionUri,
      source: withFormerBuilds(images.openSource, images.builds),
      layers: images.layers,
      onRead: images.sources.noteRead.bind(images.sources),
      baseLayerCount: ({ sourceId, image: id }, image, signal) =>
        images.tree.baseLayerCount({ sourceId, id }, image, signal),
      layerLines: createLineFinder(registryOf(images.sources), server, failed),
      onFailure: failed,
    });
    context.subscriptions.push(panels);
    return panels;
  });
}
