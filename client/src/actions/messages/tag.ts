import type { ImageSummary } from "../../../../oci/core/image.ts";
import { type GitDescription, suggestTags } from "../../../../oci/images/tagScheme.ts";
import { imageName, repositoriesOf, repositoryOf } from "../../images/labels/names.ts";
import type { Confirmation, Suggestion } from "../dialogs/dialogs.ts";
import { completeName, findNamed, otherNames } from "../names.ts";
import { shortImage } from "./transfer.ts";

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
    const place = repositories.length > 1 ? ` in ${repository}` : "";
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
          group: `${kindWords[kind]}${place}`,
        };
      },
    );
  });
}

const kindIcons = { unique: "pinned", version: "tag", rolling: "sync" } as const;
const kindWords = {
  unique: "unique: for deploying",
  version: "version: not moved after publishing",
  rolling: "rolling: moves with each release",
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
  if (holder === undefined) return `a new tag${reference === text ? "" : `: ${reference}`}`;
  if (holder.id === id) return "this image already has this tag";
  return `now points to ${shortImage(holder)}${otherNames(holder, reference).length > 0 ? "" : ", which would become dangling"}`;
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
    message: `Move the tag ${reference} to ${taker ? imageName(taker) : "the new image"}?`,
    detail: [
      `It now points to ${shortImage(holder)}.`,
      left.length > 0
        ? `That image keeps the ${left.length === 1 ? "tag" : "tags"} ${left.join(", ")}.`
        : "That image would have no tag left: it would become dangling, and pruning would remove it.",
    ],
    action: "Move Tag",
  };
}
