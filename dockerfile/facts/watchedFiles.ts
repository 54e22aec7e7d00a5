import { isInside } from "./candidateRoots.ts";
import type { FactChange } from "./kind.ts";

const minLifetimeMs = 5_000;
// A context that takes a second to list is listed at most every fifty seconds.
const lifetimeFactor = 50;

/**
 * The lifetime of facts made from files. Not every editor reports changed files, and none reports those outside its
 * folders, so they are checked again occasionally: the more expensive, the less often.
 */
export function fileLifetimeMs(fetchMs: number): number {
  return Math.max(minLifetimeMs, fetchMs * lifetimeFactor);
}

/**
 * True if a change concerns the content of folders, or the ignore file of a Dockerfile, which may be outside of them.
 */
export function changesFolders(
  change: FactChange,
  folders: readonly string[],
  dockerfilePath: string | undefined,
): boolean {
  if (change.kind === "workspaceFolders") return true;
  if (change.kind !== "files" || folders.length === 0) return false;
  return change.paths.some(
    (path) => path === `${dockerfilePath}.dockerignore` || folders.some((folder) => isInside(folder, path)),
  );
}
