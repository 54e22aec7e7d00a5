import type { ImageSummary } from "../../../../oci/core/image.ts";
import { type GitDescription, suggestTags } from "../../../../oci/images/tagScheme.ts";
import { imageName, repositoriesOf, repositoryOf } from "../../images/labels/names.ts";
import type { Confirmation, Suggestion } from "../dialogs/dialogs.ts";
import { completeName, findNamed, otherNames } from "../names.ts";
import { shortImage } from "./transfer.ts";
import { l10n } from "../../ui/l10n.ts";

/** Suggests names for an image, for each repository in which it has a name. `today` is a day, `2026-11-21`. */
export function tagSuggestions(
  summary: ImageSummary,
  images: readonly ImageSummary[],
  git: GitDescription | undefined,
  today: string,
): readonly Suggestion[] {
  const others = images.filter(({ id }) => id !== summary.id);
  const repositories = repositoriesOf(summary);
  return repositories.flatMap((repository) => {
    const facts = {
      repository,
      imageTags: summary.tags.map(tagOf),
      otherTags: others
        .flatMap(({ tags }) => tags)
        .filter((name) => repositoryOf(name) === repository)
        .map(tagOf),
      today,
    };
    return suggestTags(git === undefined ? facts : { ...facts, git }).map(
      ({ reference, kind, explanation }): Suggestion => {
        const holder = findNamed(others, reference);
        return {
          label: reference,
          icon: kindIcons[kind],
          ...(holder && { description: tagEffect(summary.id, reference, images) }),
          detail: explanation,
          group: repositories.length > 1 ? l10n.t("{0} in {1}", kindWords[kind], repository) : kindWords[kind],
        };
      },
    );
  });
}

const kindIcons = { unique: "pinned", version: "tag", rolling: "sync" } as const;
const kindWords = {
  unique: l10n.t("unique: for deploying"),
  version: l10n.t("version: not moved after publishing"),
  rolling: l10n.t("rolling: moves with each release"),
} as const;

function tagOf(name: string): string {
  return name.slice(repositoryOf(name).length + 1);
}

/**
 * Describes the effect of adding a name to an image, in half a line. `id` is absent for an image that doesn't exist
 * yet.
 */
export function tagEffect(id: string | undefined, text: string, images: readonly ImageSummary[]): string {
  const reference = completeName(text) ?? text;
  const holder = findNamed(images, reference);
  if (holder === undefined) return reference === text ? l10n.t("a new tag") : l10n.t("a new tag: {0}", reference);
  if (holder.id === id) return l10n.t("this image already has this tag");
  return otherNames(holder, reference).length > 0
    ? l10n.t("now points to {0}", shortImage(holder))
    : l10n.t("now points to {0}, which would become dangling", shortImage(holder));
}

/** Asks for confirmation before a name is taken from another image; undefined if no image loses it. */
export function moveConfirmation(
  id: string | undefined,
  reference: string,
  images: readonly ImageSummary[],
): Confirmation | undefined {
  const holder = findNamed(images, reference);
  if (holder === undefined || holder.id === id) return undefined;
  const left = otherNames(holder, reference);
  const taker = images.find((image) => image.id === id);
  return {
    message: taker
      ? l10n.t("Move the tag {0} to {1}?", reference, imageName(taker))
      : l10n.t("Move the tag {0} to the new image?", reference),
    detail: [
      l10n.t("It now points to {0}.", shortImage(holder)),
      left.length > 0
        ? left.length === 1
          ? l10n.t("That image keeps the tag {0}.", left.join(", "))
          : l10n.t("That image keeps the tags {0}.", left.join(", "))
        : l10n.t("That image would have no tag left: it would become dangling, and pruning would remove it."),
    ],
    action: l10n.t("Move Tag"),
  };
}
