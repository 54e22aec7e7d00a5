import { imageName, imageReference, tagsByName } from "../images/labels/names.ts";
import { type Identity, imageIdentities, layerIdentities } from "../images/data/identities.ts";
import type { ImageTreeNode } from "../images/node.ts";
import type { ActionParts } from "./actionParts.ts";
import type { Choice } from "./dialogs/dialogs.ts";
import { isWithin, namesByDigest } from "./names.ts";
import { type ImageTarget, targetsOf } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { l10n } from "../ui/l10n.ts";

/** Copies the names of the chosen images, one per line. For a single image with several names, prompts for one. */
export async function copyReference(nodes: readonly ImageTreeNode[], parts: ActionParts): Promise<void> {
  const targets = await targetsOrAsk(nodes, l10n.t("Copy the reference of which image?"), parts);
  const [only, ...more] = targets;
  if (only && more.length === 0 && only.summary.tags.length > 1)
    return copyOne(
      l10n.t("Copy which name?"),
      only.summary.tags.map((label) => ({ label, icon: "tag" })),
      parts,
    );
  if (only) await parts.dialogs.copy(targets.map(nameOf).join("\n"));
}

/** The name of an image at its row's place in the tree. */
function nameOf({ summary, repository }: ImageTarget): string {
  return (
    tagsByName(summary).find((tag) => repository !== undefined && isWithin(tag, repository)) ?? imageReference(summary)
  );
}

/** Copies `name@digest`, which always names the same image. */
export async function copyByDigest(nodes: readonly ImageTreeNode[], parts: ActionParts): Promise<void> {
  const targets = await targetsOrAsk(nodes, l10n.t("Copy name@digest of which image?"), parts);
  const names = [...new Set(targets.flatMap(({ summary }) => namesByDigest(summary)))];
  if (targets.length === 1 && names.length > 1)
    return copyOne(
      l10n.t("Copy which?"),
      names.map((label) => ({ label, icon: "tag" })),
      parts,
    );
  if (names.length > 0) await parts.dialogs.copy(names.join("\n"));
  else if (targets.length > 0) await parts.dialogs.showMessage(noDigest(targets));
}

/** Copies a command line that pulls the image elsewhere. */
export async function copyPullCommand(nodes: readonly ImageTreeNode[], parts: ActionParts): Promise<void> {
  const [target] = await targetsOrAsk(nodes, l10n.t("Copy the pull command of which image?"), parts);
  if (!target) return;
  const byTag = target.summary.tags.map((name) => ({
    label: `docker pull ${name}`,
    icon: "tag",
    description: l10n.t("whatever the tag points to at the time"),
  }));
  const byDigest = namesByDigest(target.summary).map((name) => ({
    label: `docker pull ${name}`,
    icon: "pinned",
    description: l10n.t("exactly this image"),
  }));
  if (byTag.length + byDigest.length > 0) await copyOne(l10n.t("Copy which command?"), [...byTag, ...byDigest], parts);
  else await parts.dialogs.showMessage(noDigest([target]));
}

/** Copies a digest. Prompts if there are several, since they are not interchangeable. */
export async function copyDigest(node: ImageTreeNode | undefined, parts: ActionParts): Promise<void> {
  if (node?.kind === "platform" || node?.kind === "attestation") return parts.dialogs.copy(node.manifest.digest);
  if (node?.kind === "layer") return copyIdentity(layerIdentities(node.layer), parts);
  const [target] = await targetsOrAsk(node ? [node] : [], l10n.t("Copy a digest of which image?"), parts);
  const read = await target?.source.image(target.summary.id, {}, neverAborted());
  if (read?.ok) await copyIdentity(imageIdentities(read.value), parts);
  else if (read) await parts.dialogs.showError(read.error);
}

export async function copyDiffIds(nodes: readonly ImageTreeNode[], { dialogs }: ActionParts): Promise<void> {
  const diffIds = nodes.flatMap((node) => (node.kind === "layer" ? [node.layer.diffId] : []));
  if (diffIds.length > 0) await dialogs.copy(diffIds.join("\n"));
}

export async function copyInstruction(node: ImageTreeNode | undefined, { dialogs }: ActionParts): Promise<void> {
  const step = node?.kind === "layer" ? node.layer.step : node?.kind === "step" ? node.step : undefined;
  if (step) await dialogs.copy(step.createdBy);
}

/** Copies the values of rows, one per line: the value of a fact, the name of an image, the digest of a layer. */
export async function copyValues(nodes: readonly ImageTreeNode[], { dialogs }: ActionParts): Promise<void> {
  const values = nodes.flatMap((node) => valueOf(node) ?? []);
  if (values.length > 0) await dialogs.copy(values.join("\n"));
}

function valueOf(node: ImageTreeNode): string | undefined {
  switch (node.kind) {
    case "fact":
      return node.value;
    case "image":
      return imageReference(node.summary);
    case "layer":
      return node.layer.diffId;
    case "step":
      return node.step.createdBy;
    case "platform":
    case "attestation":
      return node.manifest.digest;
    case "source":
      return node.address;
    default:
      return undefined;
  }
}

async function targetsOrAsk(
  nodes: readonly ImageTreeNode[],
  question: string,
  { sources, pickImage }: ActionParts,
): Promise<readonly ImageTarget[]> {
  if (nodes.length > 0) return targetsOf(nodes, sources);
  const picked = await pickImage(question, "all");
  return picked ? targetsOf([picked], sources) : [];
}

async function copyIdentity(identities: readonly Identity[], parts: ActionParts): Promise<void> {
  await copyOne(
    l10n.t("Copy which digest?"),
    identities.map(({ kind, value, explanation }) => ({ label: kind, description: explanation, detail: value })),
    parts,
  );
}

/** Copies the only choice, or the chosen one: its detail, or else its label. */
async function copyOne(question: string, choices: readonly Choice[], { dialogs }: ActionParts): Promise<void> {
  const chosen = choices.length === 1 ? choices[0] : await dialogs.pickOne(question, choices);
  if (chosen) await dialogs.copy(chosen.detail ?? chosen.label);
}

function noDigest(targets: readonly ImageTarget[]): string {
  const [first] = targets;
  const what = first && targets.length === 1 ? imageName(first.summary) : l10n.t("these images");
  return l10n.t("No registry digest is known for {0}: pull or push first", what);
}
