import type { AptBase } from "./base.ts";

/** Releases of which predictions were compared with builds, by codename. @see docs/sizes.md */
const validated: ReadonlySet<string> = new Set(["bookworm"]);

/**
 * Says why no size is predicted for an image: nobody has compared predictions with builds there. Undefined where
 * somebody has.
 */
export function distributionProblem({
  distribution: { id, codename, name },
  architecture,
}: AptBase): string | undefined {
  if (id !== "debian" || !validated.has(codename))
    return `sizes of packages aren't validated for ${name || "this image"}`;
  return architecture === "amd64" ? undefined : `sizes of packages aren't validated for ${architecture}`;
}
