import { type QuickPickItem, window } from "vscode";
import { childrenOf, type TreeReaders } from "./children.ts";
import { describe } from "./describe.ts";
import type { ImageNode, ImageTreeNode, LayerNode } from "./node.ts";

interface NodeItem<T extends ImageTreeNode> extends QuickPickItem {
  readonly node?: T;
}

/** Asks for an image of any source. */
export async function pickImage(readers: TreeReaders, placeHolder: string): Promise<ImageNode | undefined> {
  return pick(placeHolder, async (signal) => {
    const roots = await childrenOf(undefined, readers, signal);
    const inside = await Promise.all(roots.map((root) => (root.kind === "source" ? childrenOf(root, readers, signal) : Promise.resolve([root]))));
    return inside.flat().map((node) => (node.kind === "image" ? itemOf(node) : noticeItem(node)));
  });
}

/** Asks for an image, then for a layer of it. */
export async function pickLayer(readers: TreeReaders, placeHolder: string): Promise<LayerNode | undefined> {
  const image = await pickImage(readers, placeHolder);
  if (!image) return undefined;
  return pick(placeHolder, async (signal) => {
    const rows = await childrenOf(image, readers, signal);
    return rows.flatMap((node) => (node.kind === "layer" ? [itemOf(node)] : node.kind === "notice" ? [noticeItem(node)] : []));
  });
}

/** Asks for an image as a whole or as far as one of its layers. */
export async function pickSide(readers: TreeReaders, placeHolder: string): Promise<ImageNode | LayerNode | undefined> {
  const image = await pickImage(readers, placeHolder);
  if (!image) return undefined;
  return pick<ImageNode | LayerNode>(`${placeHolder}: the whole image, or up to one layer`, async (signal) => {
    const rows = await childrenOf(image, readers, signal);
    const layers = rows.flatMap((node) => (node.kind === "layer" ? [itemOf(node)] : []));
    return [{ ...itemOf(image), label: `$(package) All of ${describe(image, Date.now()).label}` }, ...layers];
  });
}

async function pick<T extends ImageTreeNode>(placeHolder: string, items: (signal: AbortSignal) => Promise<readonly NodeItem<T>[]>): Promise<T | undefined> {
  const reading = new AbortController();
  const listed = items(reading.signal);
  // Given up before the list was there: then its failure is nobody's business.
  listed.catch(() => undefined);
  // A webview that was in front gets the focus back from the command palette, and takes it from this list.
  const chosen = await window.showQuickPick(listed, { placeHolder, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  reading.abort();
  return chosen?.node;
}

function itemOf<T extends ImageTreeNode>(node: T): NodeItem<T> {
  const { label, description, icon } = describe(node, Date.now());
  return { label: `$(${icon}) ${label}`, description, node };
}

/** Says why there is nothing to choose. */
function noticeItem<T extends ImageTreeNode>(node: ImageTreeNode): NodeItem<T> {
  if (node.kind !== "notice") return { label: "" };
  return { label: `$(warning) ${node.label}`, ...(node.description === undefined ? {} : { description: node.description }) };
}
