import type { PinMode } from "../../server/protocol/protocol.ts";
import type { ImageActions } from "./actions/imageActions.ts";
import type { CompareActions } from "./diff/compareActions.ts";
import type { DockerfileActions } from "./dockerfiles/dockerfileActions.ts";
import type { ImageTreeNode, StatementNode } from "./images/node.ts";
import type { ImagesView } from "./images/view.ts";
import type { LayerFileActions } from "./layerFiles/layerFileActions.ts";
import { registryId } from "./sources/registryImages.ts";
import type { SourceActions } from "./sources/sourceActions.ts";

/**
 * The parts that commands use; made in `extension.ts`. Anything not needed at startup is loaded by the first command
 * that needs it.
 */
export interface Parts extends SourceActions {
  images(): Promise<ImageActions>;
  readonly view: ImagesView;
  showStatement(node: StatementNode): Promise<void>;
  readonly compare: CompareActions;
  dockerfiles(): Promise<DockerfileActions>;
  layerFiles(): Promise<LayerFileActions>;
  refresh(): Promise<void>;
  pin(mode: PinMode, where: "file" | "cursor"): Promise<void>;
  pinWorkspace(mode: "pin" | "update"): Promise<void>;
  restartServer(): Promise<void>;
  showOutput(): void;
}

/** Called from the tree with the row and, if several are selected, all of them; from the palette without either. */
type Handler = (parts: Parts, node: ImageTreeNode | undefined, nodes: readonly ImageTreeNode[]) => unknown;

/** Every command of the extension; package.json has the same IDs. */
export const commandTable: Readonly<Record<string, Handler>> = {
  "imagewright.images.refresh": (parts) => parts.refresh(),
  "imagewright.images.groupBy": (parts) => parts.view.chooseGrouping(),
  "imagewright.images.sortBy": (parts) => parts.view.chooseSorting(),
  "imagewright.images.toggleDangling": (parts) => parts.view.toggleDangling(),
  "imagewright.images.filter": (parts) => parts.view.filter(),
  "imagewright.images.clearFilter": (parts) => parts.view.clearFilter(),
  "imagewright.images.reveal": (parts, node) =>
    node?.kind === "image" ? parts.view.reveal(node.sourceId, node.summary.id) : undefined,
  "imagewright.engine.choose": (parts) => parts.chooseEngine(),
  "imagewright.engine.add": (parts) => parts.addEngine(),
  "imagewright.engine.remove": (parts, node) => parts.removeEngine(node?.kind === "source" ? node.sourceId : undefined),
  "imagewright.registry.open": (parts, reference) => parts.openReference(reference),
  "imagewright.registry.close": (parts, node) =>
    node?.kind === "image" && node.sourceId === registryId ? parts.closeReference(node.summary.id) : undefined,
  "imagewright.archive.open": (parts, uri) => parts.openArchive(uri),
  "imagewright.archive.close": (parts, node) =>
    node?.kind === "source" ? parts.closeArchive(node.sourceId) : undefined,
  "imagewright.image.explore": (parts, node) => parts.compare.image(node),
  "imagewright.compare.withParent": (parts, node) => parts.compare.withParent(node),
  "imagewright.compare.two": (parts) => parts.compare.two(),
  "imagewright.compare.select": (parts, node) => parts.compare.select(node),
  "imagewright.compare.withSelected": (parts, node) => parts.compare.withSelected(node),
  "imagewright.compare.with": (parts, node) => parts.compare.with(node),
  "imagewright.compare.previousBuild": (parts, node) => parts.compare.withPreviousBuild(node),
  "imagewright.compare.rows": (parts, _, nodes) => parts.compare.rows(nodes),
  "imagewright.layerFile.open": onLayerFiles((files, row) => files.open(row)),
  "imagewright.layerFile.openBefore": onLayerFiles((files, row) => files.openBefore(row)),
  "imagewright.layerFile.compare": onLayerFiles((files, row) => files.compare(row)),
  "imagewright.layerFile.copyPath": onLayerFiles((files, row) => files.copyPath(row)),
  "imagewright.layerFile.extract": onLayerFiles((files, row) => files.extract(row)),
  "imagewright.layerFile.history": onLayerFiles((files, row) => files.history(row)),
  "imagewright.layerFile.showInDockerfile": onLayerFiles((files, row) => files.showInDockerfile(row)),
  "imagewright.copy.reference": onImages((images, _, nodes) => images.copyReference(nodes)),
  "imagewright.copy.nameAndDigest": onImages((images, _, nodes) => images.copyByDigest(nodes)),
  "imagewright.copy.fromLine": onDockerfiles((dockerfiles, node) => dockerfiles.copyFromLine(node)),
  "imagewright.copy.pullCommand": onImages((images, _, nodes) => images.copyPullCommand(nodes)),
  "imagewright.copy.digest": onImages((images, node) => images.copyDigest(node)),
  "imagewright.copy.diffId": onImages((images, _, nodes) => images.copyDiffIds(nodes)),
  "imagewright.copy.instruction": onImages((images, node) => images.copyInstruction(node)),
  "imagewright.copy.value": (parts, _, nodes) => copyValues(parts, nodes),
  "imagewright.statement.open": (parts, node) => (node?.kind === "statement" ? parts.showStatement(node) : undefined),
  "imagewright.image.inspect": onImages((images, node) => images.inspect(node)),
  "imagewright.image.findLayers": onImages((images, node) => images.findLayers(node)),
  "imagewright.layer.showInDockerfile": onDockerfiles((dockerfiles, node) => dockerfiles.show(node)),
  "imagewright.project.createDockerfile": onDockerfiles((dockerfiles) => dockerfiles.create()),
  "imagewright.stage.build": onStage((dockerfiles, stage) => dockerfiles.build(stage)),
  "imagewright.image.pinInDockerfile": onDockerfiles((dockerfiles, node) => dockerfiles.pin(node)),
  "imagewright.image.tag": onImages((images, node) => images.tag(node)),
  "imagewright.image.pull": onImages((images) => images.pull()),
  "imagewright.image.pullAgain": onImages((images, _, nodes) => images.pullAgain(nodes)),
  "imagewright.image.pullToEngine": onImages((images, node) => images.pullToEngine(node)),
  "imagewright.image.pullPlatform": onImages((images, node) => images.pullPlatform(node)),
  "imagewright.image.push": onImages((images, node) => images.push(node)),
  "imagewright.image.save": onImages((images, _, nodes) => images.save(nodes)),
  "imagewright.images.save": onImages((images, _, nodes) => images.save(nodes)),
  "imagewright.image.load": onImages((images, node) => images.load(node)),
  "imagewright.image.commit": onImages((images) => images.commit()),
  "imagewright.image.prune": onImages((images) => images.prune()),
  "imagewright.image.remove": onImages((images, _, nodes) => images.remove(nodes)),
  "imagewright.images.remove": onImages((images, _, nodes) => images.remove(nodes)),
  "imagewright.image.removeSelected": (parts) => removeChosen(parts),
  "imagewright.pin.atCursor": (parts) => parts.pin("pin", "cursor"),
  "imagewright.pin.all": (parts) => parts.pin("pin", "file"),
  "imagewright.pin.check": (parts) => parts.pin("check", "file"),
  "imagewright.pin.update": (parts) => parts.pin("update", "file"),
  "imagewright.pin.unpin": (parts) => parts.pin("unpin", "file"),
  "imagewright.pin.workspace": (parts) => parts.pinWorkspace("pin"),
  "imagewright.pin.updateWorkspace": (parts) => parts.pinWorkspace("update"),
  "imagewright.server.restart": (parts) => parts.restartServer(),
  "imagewright.showOutput": (parts) => parts.showOutput(),
};

function onImages(
  act: (images: ImageActions, node: ImageTreeNode | undefined, nodes: readonly ImageTreeNode[]) => unknown,
): Handler {
  return async (parts, node, nodes) => act(await parts.images(), node, nodes);
}

function onDockerfiles(act: (dockerfiles: DockerfileActions, node: ImageTreeNode | undefined) => unknown): Handler {
  return async (parts, node) => act(await parts.dockerfiles(), node);
}

/** Called from a code lens, which identifies the stage. */
function onStage(act: (dockerfiles: DockerfileActions, stage: unknown) => unknown): Handler {
  return async (parts, stage) => act(await parts.dockerfiles(), stage);
}

/** Called from the menus of the diff view, which identifies the row. */
function onLayerFiles(act: (files: LayerFileActions, row: unknown) => unknown): Handler {
  return async (parts, row) => act(await parts.layerFiles(), row);
}

async function copyValues({ images, view }: Parts, given: readonly ImageTreeNode[]): Promise<void> {
  const rows = given.length > 0 ? given : view.chosen();
  await (await images()).copyValues(rows);
}

async function removeChosen({ view, images }: Parts): Promise<void> {
  const rows = view.chosen();
  if (rows.length > 0) await (await images()).remove(rows);
}
