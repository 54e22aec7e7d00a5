import { isInside } from "./candidateRoots.ts";
import type { FactChange } from "./kind.ts";

const minLifetimeMs = 5_000;
// A context that takes a second to list is listed at most every fifty.
const lifetimeFactor = 50;

/** Lifetime of facts made from files: not every editor reports files that change, and none those outside its folders, so they are looked at again now and then, the dearer the more rarely. */
export function fileLifetimeMs(fetchMs: number): number {
  return Math.max(minLifetimeMs, fetchMs * lifetimeFactor);
}

/** Whether a change concerns what is in folders, or the ignore file of a Dockerfile, which may be outside of them. */
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
