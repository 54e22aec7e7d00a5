import type { PinMode } from "../../server/protocol/protocol.ts";
import type { ImageActions } from "./actions/imageActions.ts";
import type { CompareActions } from "./diff/actions.ts";
import type { DockerfileActions } from "./dockerfiles/dockerfileActions.ts";
import { type DiffSide, layerChange, shortSide } from "./diff/side.ts";
import { imageName } from "./images/labels/names.ts";
import type { ImageNode, ImageTreeNode, LayerNode, StatementNode } from "./images/node.ts";
import type { ImagesView } from "./images/view.ts";
import { registryId } from "./sources/registryImages.ts";
import type { SourceActions } from "./sources/sourceActions.ts";

/** What commands act on; made in `extension.ts`. */
export interface Parts extends SourceActions {
  readonly images: ImageActions;
  readonly view: ImagesView;
  showStatement(node: StatementNode): Promise<void>;
  readonly compare: CompareActions;
  readonly dockerfiles: DockerfileActions;
  refresh(): Promise<void>;
  pickLayer(placeHolder: string): Promise<LayerNode | undefined>;
  pickSide(placeHolder: string): Promise<ImageNode | LayerNode | undefined>;
  pin(mode: PinMode, where: "file" | "cursor"): Promise<void>;
  restartServer(): Promise<void>;
  showOutput(): void;
}

/** From the tree: the row and, with several selected, all of them. From the palette: nothing. */
type Handler = (parts: Parts, node: ImageTreeNode | undefined, nodes: readonly ImageTreeNode[]) => unknown;

/** Every command of the extension; the same ids stand in package.json. */
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
  "imagewright.compare.withParent": (parts, node) => compareWithParent(parts, node),
  "imagewright.compare.two": (parts) => compareTwo(parts),
  "imagewright.compare.select": (parts, node) => onSide(node, (side) => parts.compare.select(side)),
  "imagewright.compare.withSelected": (parts, node) => onSide(node, (side) => parts.compare.withSelected(side)),
  "imagewright.compare.with": (parts, node) => compareWith(parts, node),
  "imagewright.compare.rows": (parts, _, nodes) => compareRows(parts, nodes),
  "imagewright.copy.reference": (parts, _, nodes) => parts.images.copyReference(nodes),
  "imagewright.copy.nameAndDigest": (parts, _, nodes) => parts.images.copyByDigest(nodes),
  "imagewright.copy.fromLine": (parts, node) => parts.dockerfiles.copyFromLine(node),
  "imagewright.copy.pullCommand": (parts, _, nodes) => parts.images.copyPullCommand(nodes),
  "imagewright.copy.digest": (parts, node) => parts.images.copyDigest(node),
  "imagewright.copy.diffId": (parts, _, nodes) => parts.images.copyDiffIds(nodes),
  "imagewright.copy.instruction": (parts, node) => parts.images.copyInstruction(node),
  "imagewright.copy.value": (parts, _, nodes) =>
    parts.images.copyValues(nodes.length > 0 ? nodes : parts.view.chosen()),
  "imagewright.statement.open": (parts, node) => (node?.kind === "statement" ? parts.showStatement(node) : undefined),
  "imagewright.image.inspect": (parts, node) => parts.images.inspect(node),
  "imagewright.layer.showInDockerfile": (parts, node) => parts.dockerfiles.show(node),
  "imagewright.image.pinInDockerfile": (parts, node) => parts.dockerfiles.pin(node),
  "imagewright.image.tag": (parts, node) => parts.images.tag(node),
  "imagewright.image.pull": (parts) => parts.images.pull(),
  "imagewright.image.pullAgain": (parts, _, nodes) => parts.images.pullAgain(nodes),
  "imagewright.image.pullToEngine": (parts, node) => parts.images.pullToEngine(node),
  "imagewright.image.pullPlatform": (parts, node) => parts.images.pullPlatform(node),
  "imagewright.image.push": (parts, node) => parts.images.push(node),
  "imagewright.image.save": (parts, _, nodes) => parts.images.save(nodes),
  "imagewright.image.load": (parts, node) => parts.images.load(node),
  "imagewright.image.commit": (parts) => parts.images.commit(),
  "imagewright.image.prune": (parts) => parts.images.prune(),
  "imagewright.image.remove": (parts, _, nodes) => parts.images.remove(nodes),
  "imagewright.image.removeSelected": (parts) => removeChosen(parts),
  "imagewright.pin.atCursor": (parts) => parts.pin("pin", "cursor"),
  "imagewright.pin.all": (parts) => parts.pin("pin", "file"),
  "imagewright.pin.check": (parts) => parts.pin("check", "file"),
  "imagewright.pin.update": (parts) => parts.pin("update", "file"),
  "imagewright.pin.unpin": (parts) => parts.pin("unpin", "file"),
  "imagewright.server.restart": (parts) => parts.restartServer(),
  "imagewright.showOutput": (parts) => parts.showOutput(),
};

/** The side that a row stands for: an image as a whole, or as far as a layer. */
export function sideOf(node: ImageTreeNode | undefined): DiffSide | undefined {
  if (node?.kind === "image") return { sourceId: node.sourceId, image: node.summary.id, name: imageName(node.summary) };
  return node?.kind === "layer" ? { ...wholeImage(node), layerCount: node.layer.index + 1 } : undefined;
}

function wholeImage({ sourceId, imageId, image }: LayerNode): DiffSide {
  return {
    sourceId,
    image: imageId,
    name: imageName({ id: image.id, tags: image.tags, repoDigests: image.repoDigests }),
  };
}

function onSide(node: ImageTreeNode | undefined, act: (side: DiffSide) => unknown): unknown {
  const side = sideOf(node);
  return side && act(side);
}

async function removeChosen({ view, images }: Parts): Promise<void> {
  const rows = view.chosen();
  if (rows.length > 0) await images.remove(rows);
}

async function compareWithParent(parts: Parts, node: ImageTreeNode | undefined): Promise<void> {
  const layer = node?.kind === "layer" ? node : await parts.pickLayer("Show what which layer changed?");
  if (!layer) return;
  const { before, after } = layerChange(wholeImage(layer), layer.layer.index);
  parts.compare.two(before, after);
}

async function compareTwo(parts: Parts): Promise<void> {
  const before = sideOf(await parts.pickSide("Compare what"));
  const after = before && sideOf(await parts.pickSide("Compare with what"));
  if (before && after) parts.compare.two(before, after);
}

async function compareWith(parts: Parts, node: ImageTreeNode | undefined): Promise<void> {
  const side = sideOf(node);
  const other = side && (await parts.pickSide(`Compare ${shortSide(side)} with what`));
  if (node && other) compareRows(parts, [node, other]);
}

/** Of two layers of one image the lower one is what was before, of two images the older; in the order of the rows where neither can be told. */
function compareRows(parts: Parts, nodes: readonly ImageTreeNode[]): void {
  const [first, second] = nodes.filter((node) => sideOf(node) !== undefined);
  const [before, after] = [sideOf(first), sideOf(second)];
  if (!before || !after) return;
  const isUpsideDown =
    before.image === after.image
      ? (before.layerCount ?? Infinity) > (after.layerCount ?? Infinity)
      : createdMs(first) > createdMs(second);
  if (isUpsideDown) parts.compare.two(after, before);
  else parts.compare.two(before, after);
}

/** NaN, which is neither before nor after, where it is not known. */
function createdMs(node: ImageTreeNode | undefined): number {
  if (node?.kind === "image") return (node.summary.created ?? NaN) * 1000;
  return node?.kind === "layer" ? Date.parse(node.image.config.created ?? "") : NaN;
}
