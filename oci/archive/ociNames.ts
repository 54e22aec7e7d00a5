import type { Descriptor } from "../core/descriptor.ts";
import type { Digest } from "../core/digest.ts";
import type { IndexEntry } from "../core/manifest.ts";
import { familiar } from "./image.ts";

/** Merges the entries of a manifest or index, which is listed once for each of its names. */
export function mergeNames(
  entries: readonly IndexEntry[],
): readonly { readonly entry: IndexEntry; readonly tags: readonly string[] }[] {
  const merged = new Map<Digest, { readonly entry: IndexEntry; readonly tags: string[] }>();
  for (const entry of entries) {
    const known = merged.get(entry.descriptor.digest) ?? { entry, tags: [] };
    merged.set(entry.descriptor.digest, known);
    for (const tag of tagsOf(entry.descriptor)) if (!known.tags.includes(tag)) known.tags.push(tag);
  }
  return [...merged.values()];
}

/** The names of an entry. containerd's annotation has the whole name; the layout's own may be only a tag. */
function tagsOf({ annotations }: Descriptor): readonly string[] {
  const name = annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"];
  return name === undefined ? [] : [name.includes(":") || name.includes("/") ? familiar(name) : name];
}
