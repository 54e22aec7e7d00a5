import { dirname, relative, isAbsolute } from "node:path";

/**
 * The folders that may be a Dockerfile's build context: its own, then each one above it up to `top`; only its own if it
 * is outside of `top`. Absolute paths.
 */
export function candidateRoots(folder: string, top: string): readonly string[] {
  if (!isInside(top, folder)) return [folder];
  const roots = [folder];
  for (let next = folder; next !== top && dirname(next) !== next;) {
    next = dirname(next);
    roots.push(next);
  }
  return roots;
}

/** True if a path is a folder or inside it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !/^\.\.[\\/]/.test(way));
}
