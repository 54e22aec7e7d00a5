import { failure, type Result, success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { familiarName, type ImageReference, parseReference } from "../../../oci/core/reference.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import type { RegistrySource } from "../../../oci/registry/registry.ts";
import type { NameList } from "../../../oci/source/source.ts";
import { once } from "../async/once.ts";
import type { ImageSource } from "./source.ts";
import { l10n } from "../ui/l10n.ts";

export const registryId = "registry";

export interface RegistryImagesOptions {
  readonly credentials: Credentials;
  readonly insecureRegistries: readonly string[];
  /** The references that the user opened, as written by `familiarReference`. */
  references(): readonly string[];
  /** The reason why registries must not be contacted now; undefined if they may. */
  whyNotAsked(): string | undefined;
}

/**
 * The references that were opened, from any registry. The list is local; a registry is contacted only when an image is
 * read.
 */
export interface RegistryImages extends Omit<ImageSource, "catalog"> {
  /** The tags of the repository that a reference names. */
  tags(reference: ImageReference, signal: AbortSignal): Promise<Result<NameList>>;
}

export function createRegistryImages({
  credentials,
  insecureRegistries,
  references,
  whyNotAsked,
}: RegistryImagesOptions): RegistryImages {
  const load = once(async () => {
    const { openRegistries } = await import("./registryAccess.ts");
    return openRegistries(credentials, insecureRegistries);
  });
  const ask = async <T>(
    what: string,
    asking: (registries: RegistrySource) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const message = whyNotAsked();
    return message === undefined ? asking(await load()) : failure({ kind: "notAsked", what, message });
  };
  return {
    id: registryId,
    kind: "registry",
    label: l10n.t("Registries"),
    address: "",
    list: () => Promise.resolve(success(references().map(summaryOf))),
    image: (reference, options, signal) => ask(reference, (registries) => registries.image(reference, options, signal)),
    tags: (reference, signal) => ask(familiarName(reference), (registries) => registries.tags(reference, signal)),
    layerSource: { kind: "registry", insecureRegistries },
    attested: {
      attestations: (image, signal) => ask(image.reference, (registries) => registries.attestations(image, signal)),
      statement: (image, statement, signal) =>
        ask(image.reference, (registries) => registries.statement(image, statement, signal)),
    },
  };
}

/**
 * The item of a reference. The reference serves as the ID, since the digest isn't known before the registry is
 * contacted.
 */
function summaryOf(text: string): ImageSummary {
  const parsed = parseReference(text);
  if (!parsed.ok) return { id: text, tags: [text], repoDigests: [] };
  const { tag, digest } = parsed.value;
  const name = familiarName(parsed.value);
  return {
    id: text,
    tags: tag === undefined ? [] : [`${name}:${tag}`],
    repoDigests: digest === undefined ? [] : [`${name}@${digest}`],
  };
}
