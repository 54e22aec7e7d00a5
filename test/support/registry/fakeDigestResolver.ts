import { failure, success } from "../../../oci/core/error.ts";
import { familiarReference } from "../../../oci/core/reference.ts";
import type { DigestResolver } from "../../../oci/source/source.ts";
import { digest } from "../images/literalImages.ts";

/** Stands in for a registry, from a literal: familiar references → hex digit. A digest exists if a tag points to it, or if it is listed with its name. Keeps what was asked. */
export function fakeDigestResolver(
  tags: Readonly<Record<string, string>>,
): DigestResolver & { readonly asked: string[] } {
  const asked: string[] = [];
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
      if (!digit) return Promise.resolve(failure({ kind: "notFound", what: name, message: `${name} does not exist` }));
      return Promise.resolve(
        success({
          digest: digest(digit),
          mediaType: "application/vnd.oci.image.index.v1+json",
          isIndex: true,
          endpoint: "the fake",
        }),
      );
    },
  };
}
