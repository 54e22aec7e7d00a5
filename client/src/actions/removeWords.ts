import { shortDigest } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { type ByteSum, freedBy, spaceOf } from "../../../oci/core/space.ts";
import type { ContainerSummary } from "../../../oci/core/container.ts";
import type { OciError } from "../../../oci/core/error.ts";
import type { RemovedImages } from "../../../oci/source/engineActions.ts";
import type { Catalog } from "../../../oci/source/imageCatalog.ts";
import { counted, sumText } from "../images/byteSums.ts";
import { imageName } from "../images/imageNames.ts";
import { containerName } from "./commitWords.ts";
import type { Confirmation } from "./dialogs.ts";
import { countLines, freedText, sentence } from "./freedWords.ts";

/** Which names of an image go; with all of them, or of a dangling image with none, the image goes too. */
export interface RemovalOrder {
  readonly summary: ImageSummary;
  readonly names: readonly string[];
}

/** What is known of an engine that is to remove something. */
export interface EngineFacts {
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerSummary[];
  /** Absent where it was not counted. */
  readonly catalog?: Catalog;
}

/** An order that the engine does not follow but by force, its reason, and what force removes. */
export interface Refusal {
  readonly order: RemovalOrder;
  readonly reason: string;
  readonly force: ForceReach;
}

export type ForceReach = NonNullable<Extract<OciError, { readonly kind: "conflict" }>["force"]>;

/** Names all that is lost. At least one order. */
export function removalConfirmation(orders: readonly RemovalOrder[], facts: EngineFacts): Confirmation {
  const whole = orders.filter(isWhole);
  return {
    message: whole.length === 0 ? `Remove ${inList(orders.flatMap(({ names }) => names))}?` : whole.length === 1 && orders.length === 1 ? `Remove the image ${imageName(whole[0]?.summary ?? { id: "", tags: [], repoDigests: [] })}?` : `Remove ${counted(orders.length, "image")}?`,
    detail: [...goingLines(orders), ...containerLines(whole, facts), ...(whole.length === 0 ? ["No space is given back: the image stays."] : spaceLines(whole, facts))],
    action: whole.length === 0 ? "Remove Name" : "Remove",
  };
}

/** Says what force does, after the engine has refused. At least one refusal. */
export function forceConfirmation(refusals: readonly Refusal[], facts: EngineFacts): Confirmation {
  const orders = refusals.map(({ order }) => order);
  return {
    message: `The engine refused to remove ${inList(orders.map(({ summary }) => imageName(summary)))}`,
    detail: [
      ...new Set(refusals.map(({ reason }) => sentence(reason))),
      ...containerLines(orders, facts),
      ...new Set(refusals.map(({ force }) => forceWords[force])),
    ],
    action: "Remove Anyway",
  };
}

const forceWords: Readonly<Record<ForceReach, string>> = {
  image: "By force the engine takes away the names all the same, and the image unless a running container has it. Containers stay, but new ones cannot be made from it.",
  imageAndContainers: "By force the engine removes the containers that use it as well, running ones too, with all that was written in them.",
};

/** What is gone, and what that gave back. */
export function removedMessage(orders: readonly RemovalOrder[], removed: RemovedImages, { catalog }: EngineFacts): string {
  const gone = new Set(removed.deleted);
  const kept = orders.filter((order) => isWhole(order) && !gone.has(order.summary.id)).map(({ summary }) => shortDigest(summary.id));
  const what = [...removed.untagged, ...orders.filter(({ names, summary }) => names.length === 0 && gone.has(summary.id)).map(({ summary }) => shortDigest(summary.id))];
  const freed = catalog === undefined || gone.size === 0 ? "" : `, ${freedText(removed.deleted, catalog)}`;
  return [`Removed ${what.length === 0 ? "nothing" : inList(what)}${freed}`, ...(kept.length === 0 ? [] : [`The engine keeps ${inList(kept)}: something else needs it`])].join(". ");
}

/** Whether the image goes, not only names of it. */
export function isWhole({ summary, names }: RemovalOrder): boolean {
  return summary.tags.every((tag) => names.includes(tag));
}

/** Containers that were made from an image, running or not. */
export function containersOf({ id }: ImageSummary, containers: readonly ContainerSummary[]): readonly ContainerSummary[] {
  return containers.filter(({ imageId }) => imageId === id);
}

const maxListed = 8;

/** The first few, and how many more there are. */
export function inList(names: readonly string[]): string {
  const more = names.length - maxListed;
  return more <= 1 ? names.join(", ") : `${names.slice(0, maxListed).join(", ")} and ${more} more`;
}

function goingLines(orders: readonly RemovalOrder[]): readonly string[] {
  const names = orders.flatMap((order) => order.names);
  const dangling = orders.filter((order) => order.summary.tags.length === 0);
  return [
    ...(names.length === 0 ? [] : [`${names.length === 1 ? "This name goes" : "These names go"}: ${inList(names)}.`]),
    ...(dangling.length === 0 ? [] : [`${dangling.length === 1 ? "This image has" : "These images have"} no name: ${inList(dangling.map(({ summary }) => shortDigest(summary.id)))}.`]),
    ...orders.filter((order) => !isWhole(order)).map(({ summary, names: going }) => `The image ${shortDigest(summary.id)} stays, by the name ${inList(summary.tags.filter((tag) => !going.includes(tag)))}.`),
  ];
}

function containerLines(orders: readonly RemovalOrder[], { containers }: EngineFacts): readonly string[] {
  return orders.flatMap(({ summary }) => {
    const using = containersOf(summary, containers);
    return using.length === 0 ? [] : [`${imageName(summary)} is used by ${using.length === 1 ? "the container" : `${using.length} containers:`} ${inList(using.map((container) => `${containerName(container)} (${container.state})`))}.`];
  });
}

function spaceLines(whole: readonly RemovalOrder[], { images, catalog }: EngineFacts): readonly string[] {
  const going = whole.map(({ summary }) => summary.id);
  return [...(catalog ? keptLines(new Set(going), images, catalog) : []), sentence(freedText(going, catalog)), ...countLines(catalog)];
}

/** Layers that stay because other images have them. */
function keptLines(going: ReadonlySet<string>, images: readonly ImageSummary[], catalog: Catalog): readonly string[] {
  const { images: spaces } = spaceOf(catalog.images);
  const others = new Set([...going].flatMap((id) => spaces.get(id)?.sharedWith.flat() ?? []).filter((id) => !going.has(id)));
  if (others.size === 0) return [];
  const stays = difference(spaceOf(catalog.images.filter(({ id }) => going.has(id))).total, freedBy(catalog.images, going));
  const names = images.filter(({ id }) => others.has(id)).map(imageName);
  return [`${sumText(stays)} stay, in layers that ${names.length === 1 ? "another image has" : "other images have"} too: ${inList(names)}.`];
}

function difference(a: ByteSum, b: ByteSum): ByteSum {
  return { bytes: a.bytes - b.bytes, unknownLayers: a.unknownLayers - b.unknownLayers };
}
