import { env, type LogOutputChannel, window } from "vscode";
import type { ImageReader } from "../../../oci/source/source.ts";
import { reportError } from "../ui/report.ts";
import type { TreeReaders } from "./children.ts";
import { imageName } from "./describe.ts";
import { type Identity, imageIdentities, layerIdentities } from "./identities.ts";
import { showInspect } from "./inspect.ts";
import type { ImageNode, ImageTreeNode } from "./node.ts";
import { pickImage } from "./pick.ts";

/** What people do with the rows of the images view, besides comparing them. A missing node is asked for. */
export interface ImageActions {
  inspect(node: ImageTreeNode | undefined): Promise<void>;
  copyReference(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyDigest(node: ImageTreeNode | undefined): Promise<void>;
  copyDiffIds(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyInstruction(node: ImageTreeNode | undefined): Promise<void>;
}

export interface ActionParts {
  readonly readers: TreeReaders;
  source(sourceId: string): ImageReader | undefined;
  readonly log: LogOutputChannel;
}

export function createImageActions({ readers, source, log }: ActionParts): ImageActions {
  const imageOf = async (node: ImageTreeNode | undefined, placeHolder: string): Promise<ImageNode | undefined> => (node?.kind === "image" ? node : pickImage(readers, placeHolder));
  return {
    inspect: async (node) => {
      const image = await imageOf(node, "Inspect which image?");
      if (image) await showInspect(image.sourceId, image.summary.id, imageName(image.summary));
    },
    copyReference: async (nodes) => {
      const images = nodes.filter((node) => node.kind === "image");
      const chosen = images.length > 0 ? images : [await pickImage(readers, "Copy the reference of which image?")];
      await copy(chosen.flatMap((image) => (image ? [imageName(image.summary)] : [])));
    },
    copyDigest: async (node) => {
      if (node?.kind === "layer") return copyOne(layerIdentities(node.layer));
      const image = await imageOf(node, "Copy a digest of which image?");
      if (!image) return;
      const read = await source(image.sourceId)?.image(image.summary.id, {}, new AbortController().signal);
      if (read?.ok) await copyOne(imageIdentities(read.value));
      else if (read) await reportError(read.error, log);
    },
    copyDiffIds: (nodes) => copy(nodes.flatMap((node) => (node.kind === "layer" ? [node.layer.diffId] : []))),
    copyInstruction: async (node) => {
      const step = node?.kind === "layer" ? node.layer.step : node?.kind === "step" ? node.step : undefined;
      if (step) await copy([step.createdBy]);
    },
  };
}

/** Which of several names is wanted is the user's to say: they are not interchangeable. */
async function copyOne(identities: readonly Identity[]): Promise<void> {
  const items = identities.map(({ kind, value, explanation }) => ({ label: kind, description: explanation, detail: value, value }));
  const chosen = items.length === 1 ? items[0] : await window.showQuickPick(items, { placeHolder: "Copy which digest?", matchOnDetail: true });
  if (chosen) await copy([chosen.value]);
}

async function copy(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await env.clipboard.writeText(lines.join("\n"));
  window.setStatusBarMessage(lines.length === 1 ? `Copied ${lines[0] ?? ""}` : `Copied ${lines.length} lines`, 3000);
}
