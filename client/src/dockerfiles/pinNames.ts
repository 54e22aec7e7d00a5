import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import { familiarReference, parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import type { PinImageName } from "../../../server/protocol/protocol.ts";

/**
 * The tags of an image, each with every digest recorded for its repository. Tags without a recorded digest are left
 * out.
 */
export function pinNames({ tags, repoDigests }: Pick<ImageSummary, "tags" | "repoDigests">): readonly PinImageName[] {
  const digests = repoDigests.flatMap(parsed);
  return [...tags]
    .sort()
    .flatMap(parsed)
    .flatMap((tag) =>
      digests.flatMap(({ registry, repository, digest }) =>
        digest !== undefined && registry === tag.registry && repository === tag.repository
          ? [{ reference: familiarReference(tag), digest }]
          : [],
      ),
    );
}

/**
 * The names and digest that a registry returned for a tag: the index if there is one, so that every platform keeps
 * working.
 */
export function registryNames({
  tags,
  indexDigest,
  manifestDigest,
}: Pick<Image, "tags" | "indexDigest" | "manifestDigest">): readonly PinImageName[] {
  const digest = indexDigest ?? manifestDigest;
  return digest === undefined ? [] : [...tags].sort().map((reference) => ({ reference, digest }));
}

/** `FROM alpine:3.20@sha256:…`. */
export function fromLine({ reference, digest }: PinImageName): string {
  return `FROM ${reference}@${digest}`;
}

function parsed(text: string): readonly ImageReference[] {
  const reference = parseReference(text);
  return reference.ok ? [reference.value] : [];
}
