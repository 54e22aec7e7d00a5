import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";

/** Tags by name: engines list a new tag first, but the image should keep its displayed name. */
export function tagsByName({ tags }: Pick<ImageSummary, "tags">): readonly string[] {
  return [...tags].sort();
}

/**
 * The display name of an image: its first tag by name, else the repository it was pulled from with the short digest
 * there, else its short ID.
 */
export function imageName(summary: Pick<ImageSummary, "id" | "tags" | "repoDigests">): string {
  const [repository, digest] = summary.repoDigests[0]?.split("@") ?? [];
  return (
    tagsByName(summary)[0] ??
    (repository === undefined || digest === undefined
      ? shortDigest(summary.id)
      : `${repository}@${shortDigest(digest)}`)
  );
}

/** The name of the image in commands: its first tag by name, else name and digest, else its ID. */
export function imageReference(summary: Pick<ImageSummary, "id" | "tags" | "repoDigests">): string {
  return tagsByName(summary)[0] ?? summary.repoDigests[0] ?? summary.id;
}

/** `team/app` of `team/app:1`. The colon before a registry's port doesn't start a tag. */
export function repositoryOf(tag: string): string {
  const colon = tag.indexOf(":", tag.lastIndexOf("/") + 1);
  return colon < 0 ? tag : tag.slice(0, colon);
}

/** Every repository in which an image has a name, by name; without a tag that of its digests, if any. */
export function repositoriesOf({ tags, repoDigests }: ImageSummary): readonly string[] {
  const names = tags.length > 0 ? tags.map(repositoryOf) : repoDigests.map((name) => name.slice(0, name.indexOf("@")));
  return [...new Set(names)].sort();
}

/** A longer name would push everything else out of a narrow side bar. */
const maxRowName = 28;

/** A name as shown in a row: if it is long, its last part, and separately the part before. */
export function splitName(name: string): { readonly label: string; readonly location?: string } {
  const slash = name.lastIndexOf("/");
  return name.length <= maxRowName || slash < 0
    ? { label: name }
    : { label: name.slice(slash + 1), location: name.slice(0, slash) };
}
