import type { ImageReference } from "../../oci/core/reference.ts";

/**
 * True if an entry of a list of registries matches an image's registry: `docker.io`, `*`, `*.example.com`,
 * `registry.*`; an entry with a path, `ghcr.io/acme`, matches everything below it.
 */
export function matchesRegistry(
  pattern: string,
  { registry, repository }: Pick<ImageReference, "registry" | "repository">,
): boolean {
  const entry = pattern
    .toLowerCase()
    .replace(/^(?:index\.docker\.io|hub\.docker\.com|registry-1\.docker\.io)(?=\/|$)/, "docker.io")
    .replace(/\/$/, "");
  const name = registry.toLowerCase();
  if (entry === "*") return true;
  if (entry.startsWith("*")) return name.endsWith(entry.slice(1));
  if (entry.endsWith("*")) return `${name}/${repository}`.startsWith(entry.slice(0, -1));
  return entry.includes("/") ? `${name}/${repository}/`.startsWith(`${entry}/`) : name === entry;
}
