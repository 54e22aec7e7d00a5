import type { ContainerSummary } from "../../../../oci/core/container.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { OciError } from "../../../../oci/core/error.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { planRemoval, type Removal, type RemovalChoice, type RemovalPlan } from "../../../../oci/images/removal.ts";
import { type ByteSum, spaceOf } from "../../../../oci/images/space.ts";
import type { RemovedImages } from "../../../../oci/engine/actions/actions.ts";
import type { Catalog } from "../../../../oci/catalog/catalog.ts";
import { sentence } from "../../../../oci/core/text.ts";
import { formatTotal } from "../../images/labels/sizes.ts";
import { imageName } from "../../images/labels/names.ts";
import { containerName } from "./commit.ts";
import type { Confirmation } from "../dialogs/dialogs.ts";
import { uncountedLines, freedSpace } from "./freedSpace.ts";
import { shortList } from "./list.ts";
import { independentNames, shortName } from "../names.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** The known content of an engine from which something is to be removed. */
export interface EngineContents {
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerSummary[];
  /** Absent if it wasn't counted. */
  readonly catalog?: Catalog;
}

/** An operation that the engine refuses unless forced, its reason, and what force removes. */
export interface Refusal {
  readonly choice: RemovalChoice;
  readonly reason: string;
  readonly force: ForceReach;
}

export type ForceReach = NonNullable<Extract<OciError, { readonly kind: "conflict" }>["force"]>;

export function removalPlan(
  choices: readonly RemovalChoice[],
  { images, containers, catalog }: EngineContents,
): RemovalPlan {
  return planRemoval(choices, { images, containers, stored: catalog?.images ?? [] });
}

/** Lists everything that is lost. Takes at least one choice. */
export function removalConfirmation(choices: readonly RemovalChoice[], facts: EngineContents): Confirmation {
  const plan = removalPlan(choices, facts);
  const isWhole = plan.removals.some((removal) => removal.isWhole);
  return {
    message: l10n.t("Remove {0}?", questionSubject(plan.removals)),
    detail: [
      ...goingLines(plan.removals),
      ...plan.removals.flatMap(containerLines),
      ...(isWhole ? spaceLines(plan, facts) : [l10n.t("No space is freed because the image is kept.")]),
    ],
    action: isWhole ? l10n.t("Remove") : l10n.t("Remove Tag"),
  };
}

/** Describes the effect of force after the engine has refused. Takes at least one refusal. */
export function forceConfirmation(refusals: readonly Refusal[], facts: EngineContents): Confirmation {
  const images = [...new Set(refusals.map(({ choice }) => choice.image))];
  const { removals } = removalPlan(
    images.map((image) => ({ image, names: "all" })),
    facts,
  );
  return {
    message: l10n.t("The engine refused to remove {0}", shortList(images.map(imageName))),
    detail: [
      ...new Set(refusals.map(({ reason }) => sentence(reason))),
      ...removals.flatMap(containerLines),
      ...new Set(refusals.map(({ force }) => forceWords[force])),
    ],
    action: l10n.t("Remove Anyway"),
  };
}

const forceWords: Readonly<Record<ForceReach, string>> = {
  image: l10n.t(
    "Forcing removes the tags anyway, and the image unless a running container uses it. Containers stay, but you can't create new ones from it.",
  ),
  imageAndContainers: l10n.t(
    "Forcing also removes the containers that use it, even running ones, with everything written in them.",
  ),
};

/** Describes what was removed, the space it freed, and what the engine kept. */
export function removedMessage(
  choices: readonly RemovalChoice[],
  removed: RemovedImages,
  facts: EngineContents,
): string {
  const gone = new Set(removed.deleted);
  const kept = removalPlan(choices, facts)
    .removals.filter(({ image, isWhole }) => isWhole && !gone.has(image.id))
    .map(({ image }) => shortDigest(image.id));
  const tags = removed.untagged.filter((name) => !name.includes("@"));
  const nameless = choices
    .filter(({ image }) => image.tags.length === 0 && gone.has(image.id))
    .map(({ image }) => imageName(image));
  const what = tags.length + nameless.length > 0 ? shortList([...tags, ...nameless]) : l10n.t("nothing");
  const freed = facts.catalog === undefined || gone.size === 0 ? "" : `, ${freedSpace(removed.deleted, facts.catalog)}`;
  return [`${l10n.t("Removed {0}", what)}${freed}`, ...keptContainers(kept)].join(". ");
}

/** States that images are kept, as a separate sentence. */
export function keptContainers(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [l10n.t("The engine kept {0}: still in use", shortList(names))];
}

/** `Tag to remove: a:1.`, `Tags to remove: a:1, a:2.` */
export function removedNames(removals: readonly Removal[]): readonly string[] {
  const names = removals.flatMap((removal) => shownNames(removal.names));
  return names.length === 0
    ? []
    : [
        names.length === 1
          ? l10n.t("Tag to remove: {0}.", shortList(names))
          : l10n.t("Tags to remove: {0}.", shortList(names)),
      ];
}

function shownNames(names: readonly string[]): readonly string[] {
  return independentNames(names).map(shortName);
}

function questionSubject(removals: readonly Removal[]): string {
  const [only, ...more] = removals;
  if (!only || more.length > 0) return counted(removals.length, "image");
  return only.isWhole ? l10n.t("the image {0}", imageName(only.image)) : shortList(shownNames(only.names));
}

function goingLines(removals: readonly Removal[]): readonly string[] {
  const nameless = removals.filter(({ names }) => names.length === 0).map(({ image }) => shortDigest(image.id));
  return [
    ...removedNames(removals),
    ...(nameless.length === 0
      ? []
      : [
          nameless.length === 1
            ? l10n.t("Untagged image to remove: {0}.", shortList(nameless))
            : l10n.t("Untagged images to remove: {0}.", shortList(nameless)),
        ]),
    ...removals
      .filter(({ isWhole }) => !isWhole)
      .map(({ image, keptNames }) =>
        l10n.t("The image {0} stays, tagged {1}.", shortDigest(image.id), shortList(shownNames(keptNames))),
      ),
  ];
}

function containerLines({ image, containers }: Removal): readonly string[] {
  if (containers.length === 0) return [];
  const names = shortList(containers.map((container) => `${containerName(container)} (${container.state})`));
  return [
    containers.length === 1
      ? l10n.t("{0} is used by the container {1}.", imageName(image), names)
      : l10n.t("{0} is used by {1} containers: {2}.", imageName(image), containers.length, names),
  ];
}

function spaceLines({ removals, freed, sharedWith }: RemovalPlan, { catalog }: EngineContents): readonly string[] {
  const going = removals.filter(({ isWhole }) => isWhole).map(({ image }) => image.id);
  const stored = catalog?.images.filter(({ id }) => going.includes(id)) ?? [];
  const stays = difference(spaceOf(stored).total, freed);
  return [
    ...(sharedWith.length === 0
      ? []
      : [
          l10n.t(
            "{0} stay, in layers shared with {1}.",
            formatTotal(stays),
            shortList(sharedWith.map(({ image }) => imageName(image))),
          ),
        ]),
    sentence(freedSpace(going, catalog)),
    ...uncountedLines(going, catalog),
  ];
}

function difference(a: ByteSum, b: ByteSum): ByteSum {
  return { bytes: a.bytes - b.bytes, unknownLayers: a.unknownLayers - b.unknownLayers };
}
