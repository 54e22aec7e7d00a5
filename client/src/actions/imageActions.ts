import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import type { ActionParts } from "./actionParts.ts";
import { load, save } from "./archive.ts";
import { commitContainer } from "./commit.ts";
import {
  copyByDigest,
  copyDiffIds,
  copyDigest,
  copyInstruction,
  copyPullCommand,
  copyReference,
  copyValues,
} from "./copy.ts";
import { findLayers } from "./findLayers.ts";
import { prune } from "./prune.ts";
import { pull, pullAgain, pullPlatform, pullToEngine } from "./pull.ts";
import { push } from "./push.ts";
import { removeImages } from "./remove.ts";
import { tagImage } from "./tag.ts";
import { chooseTargets, engineTargets, type EngineImageTarget, targetOf, targetsOf, uniqueImages } from "./targets.ts";
import { l10n } from "../ui/l10n.ts";

/** Actions on images other than viewing and comparing them. They prompt for anything that the row doesn't specify. */
export interface ImageActions {
  inspect(node: ImageTreeNode | undefined): Promise<void>;
  /** Of an image whose blobs the engine lacks. */
  findLayers(node: ImageTreeNode | undefined): Promise<void>;
  copyReference(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyByDigest(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyPullCommand(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyDigest(node: ImageTreeNode | undefined): Promise<void>;
  copyDiffIds(nodes: readonly ImageTreeNode[]): Promise<void>;
  copyInstruction(node: ImageTreeNode | undefined): Promise<void>;
  copyValues(nodes: readonly ImageTreeNode[]): Promise<void>;
  tag(node: ImageTreeNode | undefined): Promise<void>;
  pull(): Promise<void>;
  pullAgain(nodes: readonly ImageTreeNode[]): Promise<void>;
  /** Called from a registry's row. */
  pullToEngine(node: ImageTreeNode | undefined): Promise<void>;
  /** Called from the row of a platform that the engine doesn't have. */
  pullPlatform(node: ImageTreeNode | undefined): Promise<void>;
  push(node: ImageTreeNode | undefined): Promise<void>;
  save(nodes: readonly ImageTreeNode[]): Promise<void>;
  /** Called from an archive's row, or prompts for a file. */
  load(node: ImageTreeNode | undefined): Promise<void>;
  remove(nodes: readonly ImageTreeNode[]): Promise<void>;
  prune(): Promise<void>;
  commit(): Promise<void>;
}

export function createImageActions(parts: ActionParts): ImageActions {
  return { ...copyActions(parts), ...transferActions(parts), ...changingActions(parts) };
}

type Copying = "inspect" | "findLayers" | Extract<keyof ImageActions, `copy${string}`>;

/** Actions that read images without changing them. */
function copyActions(parts: ActionParts): Pick<ImageActions, Copying> {
  return {
    inspect: async (node) => {
      const target = targetOf(node ?? (await parts.pickImage(l10n.t("Inspect which image?"), "all")), parts.sources);
      if (target) await parts.inspect(target.source.id, target.summary.id, imageName(target.summary));
    },
    findLayers: (node) =>
      onOne(node, l10n.t("Read the layers of which image?"), parts, (target) => findLayers(target, parts)),
    copyReference: (nodes) => copyReference(nodes, parts),
    copyByDigest: (nodes) => copyByDigest(nodes, parts),
    copyPullCommand: (nodes) => copyPullCommand(nodes, parts),
    copyDigest: (node) => copyDigest(node, parts),
    copyDiffIds: (nodes) => copyDiffIds(nodes, parts),
    copyInstruction: (node) => copyInstruction(node, parts),
    copyValues: (nodes) => copyValues(nodes, parts),
  };
}

type Transferring = "pull" | "pullAgain" | "pullToEngine" | "pullPlatform" | "push" | "save" | "load";

/** Actions that move images between engines, registries and archives. */
function transferActions(parts: ActionParts): Pick<ImageActions, Transferring> {
  return {
    pull: () => pull(parts),
    pullAgain: (nodes) =>
      onSeveral(nodes, l10n.t("Pull which images again?"), parts, (targets) => pullAgain(uniqueImages(targets), parts)),
    pullToEngine: async (node) => {
      const target = targetOf(node, parts.sources);
      if (target) await pullToEngine(target, node?.kind === "platform" ? node.manifest.platform : undefined, parts);
    },
    pullPlatform: async (node) => {
      const [target] = engineTargets([targetOf(node, parts.sources)].flatMap((found) => found ?? []));
      if (target && node?.kind === "platform" && node.manifest.platform)
        await pullPlatform(target, node.manifest.platform, parts);
    },
    push: (node) => onOne(node, l10n.t("Push which image?"), parts, (target) => push(target, parts)),
    save: (nodes) =>
      onSeveral(nodes, l10n.t("Save which images?"), parts, (targets) => save(uniqueImages(targets), parts)),
    load: (node) => load(node?.kind === "source" && node.sourceKind === "archive" ? node.address : undefined, parts),
  };
}

/** Actions that change an engine's content. */
function changingActions(parts: ActionParts): Pick<ImageActions, "tag" | "remove" | "prune" | "commit"> {
  return {
    tag: (node) => onOne(node, l10n.t("Tag which image?"), parts, (target) => tagImage(target, parts)),
    remove: (nodes) =>
      onSeveral(nodes, l10n.t("Remove which images?"), parts, (targets) => removeImages(targets, parts)),
    prune: () => prune(parts),
    commit: () => commitContainer(parts),
  };
}

async function onOne(
  node: ImageTreeNode | undefined,
  question: string,
  { pickImage, sources }: ActionParts,
  act: (target: EngineImageTarget) => Promise<void>,
): Promise<void> {
  const target = targetOf(node ?? (await pickImage(question, "engines")), sources);
  for (const each of engineTargets(target ? [target] : [])) await act(each);
}

async function onSeveral(
  nodes: readonly ImageTreeNode[],
  question: string,
  { dialogs, sources }: ActionParts,
  act: (targets: readonly EngineImageTarget[]) => Promise<void>,
): Promise<void> {
  const given = engineTargets(targetsOf(nodes, sources));
  const targets = nodes.length > 0 ? given : await chooseTargets(question, sources, dialogs);
  if (targets.length > 0) await act(targets);
}
