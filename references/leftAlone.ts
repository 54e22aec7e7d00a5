import type { PlacedReference } from "../dockerfile/references/findReferences.ts";
import { familiarName, type ImageReference } from "../oci/core/reference.ts";
import { matchesRegistry } from "../dockerfile/references/registryPattern.ts";

/** The user's choice of references to leave alone. */
export interface LeftAlone {
  /** References that a comment in the file ignores. */
  readonly byComment: ReadonlySet<PlacedReference>;
  /** Entries as in `unpinnedRegistries` of a configuration. */
  readonly registries: readonly string[];
  /** Patterns of image names; `written` is the pattern as the user gave it. */
  readonly names: readonly { readonly written: string; matches(name: string): boolean }[];
}

/** The reason why a reference is left alone; undefined if it isn't. */
export function whyLeftAlone(placed: PlacedReference, { byComment, registries, names }: LeftAlone): string | undefined {
  if (byComment.has(placed)) return "excluded by a comment";
  const { reference } = placed;
  if (!reference) return undefined;
  if (registries.some((entry) => matchesRegistry(entry, reference)))
    return `${reference.registry} is excluded by the configuration (unpinnedRegistries)`;
  const pattern = names.find(({ matches }) => namesOf(reference).some((name) => matches(name)));
  return pattern && `excluded by ${pattern.written}`;
}

/** `alpine` and `alpine:3.20`, and both with `docker.io/library/`. */
function namesOf(reference: ImageReference): readonly string[] {
  const bare = [familiarName(reference), `${reference.registry}/${reference.repository}`];
  return reference.tag === undefined ? bare : [...bare, ...bare.map((name) => `${name}:${reference.tag}`)];
}
