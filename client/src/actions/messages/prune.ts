import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { planPrune, type PrunePlan } from "../../../../oci/images/removal.ts";
import { spaceOf } from "../../../../oci/images/space.ts";
import type { RemovedImages } from "../../../../oci/engine/actions/actions.ts";
import { sentence } from "../../../../oci/core/text.ts";
import { imageName } from "../../images/labels/names.ts";
import type { Choice, Confirmation } from "../dialogs/dialogs.ts";
import { exclusiveSpace, uncountedLines, freedSpace } from "./freedSpace.ts";
import { shortList } from "./list.ts";
import { type EngineContents, keptContainers, removedNames, removalPlan } from "./remove.ts";
import { imageChoice } from "../targets.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export type Prunable = "dangling" | "unused";

export interface PruneChoice extends Choice {
  readonly which: Prunable;
}

export interface CandidateChoice extends Choice {
  readonly summary: ImageSummary;
}

/** Returns the kinds of images that can be pruned, with the amount of each. */
export function pruneChoices(facts: EngineContents): readonly PruneChoice[] {
  const line = (which: Prunable): string => {
    const { images } = prunePlan(which, facts);
    return images.length === 0 ? l10n.t("none") : `${counted(images.length, "image")}, ${textOf(images, facts)}`;
  };
  return [
    {
      label: l10n.t("Dangling Images"),
      icon: "circle-slash",
      description: line("dangling"),
      detail: l10n.t("Untagged and not used by any container"),
      which: "dangling",
    },
    {
      label: l10n.t("Unused Images"),
      icon: "trash",
      description: line("unused"),
      detail: l10n.t("Not used by any container, running or stopped; includes dangling images"),
      which: "unused",
    },
  ];
}

/** Plans a pruning: the images that would be removed, in list order. */
export function prunePlan(which: Prunable, { images, containers, catalog }: EngineContents): PrunePlan {
  return planPrune(which, { images, containers, stored: catalog?.images ?? [] });
}

/** Returns a line for each image with the space it frees on its own. */
export function candidateChoices(
  images: readonly ImageSummary[],
  { catalog }: EngineContents,
  nowMs: number,
): readonly CandidateChoice[] {
  const spaces = spaceOf(catalog?.images ?? []).images;
  return images.map((summary) => {
    return {
      ...imageChoice(summary, nowMs),
      ...(catalog && { detail: exclusiveSpace(spaces.get(summary.id)?.alone, catalog) }),
      isChecked: true,
      summary,
    };
  });
}

/** The total under a list with checkboxes. */
export function previewTitle(images: readonly ImageSummary[], facts: EngineContents): string {
  return images.length === 0
    ? l10n.t("Nothing selected")
    : `${counted(images.length, "image")}: ${textOf(images, facts)}`;
}

export function pruneConfirmation(images: readonly ImageSummary[], facts: EngineContents): Confirmation {
  const { removals } = removalPlan(
    images.map((image) => ({ image, names: "all" })),
    facts,
  );
  const namelessCount = removals.filter(({ names }) => names.length === 0).length;
  return {
    message: l10n.t("Remove {0}?", counted(images.length, "image")),
    detail: [
      ...removedNames(removals),
      ...(namelessCount === 0 ? [] : [l10n.t("{0} without a tag.", counted(namelessCount, "image"))]),
      sentence(textOf(images, facts)),
      ...uncountedLines(
        images.map(({ id }) => id),
        facts.catalog,
      ),
      l10n.t("Images that aren't in a registry or an archive will have to be built again."),
    ],
    action: l10n.t("Remove"),
  };
}

/**
 * Describes the result of an engine's own pruning for the images it was requested for. Podman doesn't report the names.
 */
export function prunedMessage(
  images: readonly ImageSummary[],
  { untagged, deleted, freedBytes }: RemovedImages & { readonly freedBytes: number },
): string {
  const isGone = ({ id, tags }: ImageSummary): boolean =>
    deleted.includes(id) || (tags.length > 0 && tags.every((tag) => untagged.includes(tag)));
  const gone = images.filter(isGone);
  const kept = images.filter((image) => !isGone(image));
  return [
    gone.length === 0
      ? l10n.t("Removed nothing")
      : l10n.t(
          "Removed {0}: {1} freed, as reported by the engine",
          shortList(gone.map(imageName)),
          formatBytes(freedBytes),
        ),
    ...keptContainers(kept.map(imageName)),
  ].join(". ");
}

function textOf(images: readonly ImageSummary[], { catalog }: EngineContents): string {
  return freedSpace(
    images.map(({ id }) => id),
    catalog,
  );
}
