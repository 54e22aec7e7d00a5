import { familiarReference, formatReference, parseReference, withDefaultTag } from "../../../oci/core/reference.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";

/** What is wrong with a text as the name of an image, or undefined. */
export function referenceProblem(text: string): string | undefined {
  const parsed = parseReference(text);
  return parsed.ok ? undefined : parsed.error.message;
}

/** As {@link referenceProblem}, for a name that is given: a digest cannot be. */
export function newNameProblem(text: string): string | undefined {
  const parsed = parseReference(text);
  if (!parsed.ok) return parsed.error.message;
  return parsed.value.digest === undefined ? undefined : "a name that is given has a tag, not a digest";
}

/** `alpine` is `alpine:latest`, as engines take it; undefined for what is no name. */
export function completeName(text: string): string | undefined {
  const parsed = parseReference(text);
  return parsed.ok ? familiarReference(withDefaultTag(parsed.value)) : undefined;
}

/** The image that a name or `name@digest` stands for, however either side writes it (`docker.io/library/a:1`, `a:1`). */
export function findNamed(images: readonly ImageSummary[], reference: string): ImageSummary | undefined {
  const wanted = fullName(reference);
  if (wanted === undefined) return undefined;
  return images.find(({ tags, repoDigests }) => [...tags, ...repoDigests].some((name) => fullName(name) === wanted));
}

/** The names of an image that are not this one. */
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

/** A registry as people call it. */
export function registryName(registry: string): string {
  return registry === "docker.io" ? "Docker Hub (docker.io)" : registry;
}

/** In full, for comparing. With a digest the tag says nothing: engines go by the digest alone. */
function fullName(text: string): string | undefined {
  const parsed = parseReference(text);
  if (!parsed.ok) return undefined;
  const { registry, repository, digest } = parsed.value;
  return digest === undefined ? formatReference(withDefaultTag(parsed.value)) : `${registry}/${repository}@${digest}`;
}
