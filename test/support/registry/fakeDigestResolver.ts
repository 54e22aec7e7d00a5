import { failure, success } from "../../../oci/core/error.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";
import { familiarReference } from "../../../oci/core/reference.ts";
import type { DigestResolver, PlatformImage } from "../../../oci/source/source.ts";
import { digest } from "../images/literalImages.ts";

/**
 * Replaces a registry, from a literal: familiar references → hex digit. A digest exists if a tag points to it, or if it
 * is listed with its name. An index has the images `linux/amd64=e linux/arm64=f` of `indexes`, by its digit; a digit in
 * one of those is a single image. Records the requests.
 */
export function fakeDigestResolver(
  tags: Readonly<Record<string, string>>,
  indexes: Readonly<Record<string, string>> = {},
): DigestResolver & { readonly asked: string[] } {
  const asked: string[] = [];
  const images = new Map(Object.entries(indexes).map(([digit, list]) => [digest(digit), imagesOf(list)]));
  const single = new Map([...images.values()].flat().map((image) => [image.digest, image.platform]));
  return {
    asked,
    resolve(reference, signal) {
      signal.throwIfAborted();
      const { tag: _, ...untagged } = reference;
      const name = familiarReference(reference.digest === undefined ? reference : untagged);
      asked.push(name);
      const digit =
        tags[name] ??
        (reference.digest !== undefined && Object.values(tags).find((value) => reference.digest === digest(value)));
      const isSingle = reference.digest !== undefined && single.has(reference.digest);
      const found = digit ? digest(digit) : isSingle ? reference.digest : undefined;
      if (!found) return Promise.resolve(failure({ kind: "notFound", what: name, message: `${name} does not exist` }));
      return Promise.resolve(
        success({
          digest: found,
          mediaType: `application/vnd.oci.image.${single.has(found) ? "manifest" : "index"}.v1+json`,
          isIndex: !single.has(found),
          endpoint: "the fake",
        }),
      );
    },
    content(reference) {
      const platform = single.get(reference.digest);
      const list = images.get(reference.digest);
      return Promise.resolve(
        success(platform ? { kind: "image", platform } : { kind: "index", ...(list && { images: list }) }),
      );
    },
  };
}

function imagesOf(list: string): readonly PlatformImage[] {
  return list.split(" ").flatMap((entry) => {
    const [name = "", digit = ""] = entry.split("=");
    const platform = parsePlatform(name);
    return platform ? [{ platform, digest: digest(digit) }] : [];
  });
}
