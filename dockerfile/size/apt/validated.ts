import type { AptBase } from "./base.ts";

/** Releases whose predictions were compared with builds, by codename. @see docs/sizes.md */
const validated: ReadonlySet<string> = new Set(["bookworm"]);

/**
 * The reason why no size is predicted for an image: predictions were never compared with builds of its distribution.
 * Undefined if they were.
 */
export function distributionProblem({
  distribution: { id, codename, name },
  architecture,
}: AptBase): string | undefined {
  if (id !== "debian" || !validated.has(codename))
    return `sizes of packages aren't validated for ${name || "this image"}`;
  return architecture === "amd64" ? undefined : `sizes of packages aren't validated for ${architecture}`;
}
