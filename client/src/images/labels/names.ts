import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";

/** By name: engines list a new tag before the others, and an image should not change its name for that. */
export function tagsByName({ tags }: Pick<ImageSummary, "tags">): readonly string[] {
  return [...tags].sort();
}

/** The name a person knows an image by: its first tag by name, else the repository that it was pulled from with the short digest there, else its short ID. */
export function imageName(summary: Pick<ImageSummary, "id" | "tags" | "repoDigests">): string {
  const [repository, digest] = summary.repoDigests[0]?.split("@") ?? [];
  return (
    tagsByName(summary)[0] ??
    (repository === undefined || digest === undefined
      ? shortDigest(summary.id)
      : `${repository}@${shortDigest(digest)}`)
  );
}

/** What names the image in commands: its first tag by name, else name and digest, else its ID. */
export function imageReference(summary: Pick<ImageSummary, "id" | "tags" | "repoDigests">): string {
  return tagsByName(summary)[0] ?? summary.repoDigests[0] ?? summary.id;
}

/** `team/app` of `team/app:1`; the colon of a registry's port is none of a tag. */
export function repositoryOf(tag: string): string {
  const colon = tag.indexOf(":", tag.lastIndexOf("/") + 1);
  return colon < 0 ? tag : tag.slice(0, colon);
}

/** Every repository that an image has a name in, by name; that of its digests where it has no tag, none where nothing names it. */
export function repositoriesOf({ tags, repoDigests }: ImageSummary): readonly string[] {
  const names = tags.length > 0 ? tags.map(repositoryOf) : repoDigests.map((name) => name.slice(0, name.indexOf("@")));
  return [...new Set(names)].sort();
}

/** A longer name would push everything else out of a narrow side bar. */
const maxRowName = 28;

/** A name as a row shows it: where it is long, its last part, and apart from it what stands before. */
export function splitName(name: string): { readonly label: string; readonly location?: string } {
  const slash = name.lastIndexOf("/");
  return name.length <= maxRowName || slash < 0
    ? { label: name }
    : { label: name.slice(slash + 1), location: name.slice(0, slash) };
}
