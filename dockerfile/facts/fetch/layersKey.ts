import { createHash } from "node:crypto";

/**
 * The key of something kept about an image with these layers: images with the same layers have the same files. `what`
 * names it, with the version of its format.
 */
export function layersKey(what: string, diffIds: readonly string[]): string {
  return `${what} ${createHash("sha256").update(diffIds.join(" ")).digest("hex")}`;
}
