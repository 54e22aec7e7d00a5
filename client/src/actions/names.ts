import { familiarReference, formatReference, parseReference, withDefaultTag } from "../../../oci/core/reference.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { repositoryOf } from "../images/labels/names.ts";
import { l10n } from "../ui/l10n.ts";

/** The problem with a text as the name of an image; undefined if it is valid. */
export function referenceProblem(text: string): string | undefined {
  const parsed = parseReference(text);
  return parsed.ok ? undefined : parsed.error.message;
}

/** As {@link referenceProblem}, for a new name, which can't have a digest. */
export function newNameProblem(text: string): string | undefined {
  const parsed = parseReference(text);
  if (!parsed.ok) return parsed.error.message;
  return parsed.value.digest === undefined ? undefined : l10n.t("use a tag here, not a digest");
}

/** Completes `alpine` to `alpine:latest`, as engines do; undefined if it isn't a name. */
export function completeName(text: string): string | undefined {
  const parsed = parseReference(text);
  return parsed.ok ? familiarReference(withDefaultTag(parsed.value)) : undefined;
}

/** The image with a name or `name@digest`, in any spelling of either side (`docker.io/library/a:1`, `a:1`). */
export function findNamed(images: readonly ImageSummary[], reference: string): ImageSummary | undefined {
  const wanted = fullName(reference);
  if (wanted === undefined) return undefined;
  return images.find(({ tags, repoDigests }) => [...tags, ...repoDigests].some((name) => fullName(name) === wanted));
}

/** The names of an image other than this one. */
export function otherNames({ tags }: ImageSummary, reference: string): readonly string[] {
  const name = fullName(reference);
  return tags.filter((tag) => fullName(tag) !== name);
}

/** `team/app@sha256:…` for each digest by which a registry knows the image. */
export function namesByDigest({ repoDigests }: ImageSummary): readonly string[] {
  return repoDigests.flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.ok ? [familiarReference(parsed.value)] : [];
  });
}

/** Tags, and digests of repositories without a tag: a digest in a repository with a tag comes and goes with it. */
export function independentNames(names: readonly string[]): readonly string[] {
  const tagged = new Set(names.filter((name) => !name.includes("@")).map(repositoryOf));
  return names.filter((name) => !name.includes("@") || !tagged.has(name.slice(0, name.indexOf("@"))));
}

/** True if a tag or a name by digest is in the repository. */
export function isWithin(name: string, repository: string): boolean {
  return name.startsWith(`${repository}@`) || repositoryOf(name) === repository;
}

/** `app@2d4f9a1b3c5e` for a name by digest. */
export function shortName(name: string): string {
  const at = name.indexOf("@");
  return at < 0 ? name : `${name.slice(0, at)}@${shortDigest(name.slice(at + 1))}`;
}

/** The common name of a registry. */
export function registryName(registry: string): string {
  return registry === "docker.io" ? "Docker Hub (docker.io)" : registry;
}

/**
 * The name in full, for comparison. The tag is dropped if there is a digest, since engines only use the digest then.
 */
function fullName(text: string): string | undefined {
  const parsed = parseReference(text);
  if (!parsed.ok) return undefined;
  const { registry, repository, digest } = parsed.value;
  return digest === undefined ? formatReference(withDefaultTag(parsed.value)) : `${registry}/${repository}@${digest}`;
}
