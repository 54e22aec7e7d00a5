import { isAbsolute, relative, sep } from "node:path";

/** True if `path` is `folder` or inside it. Compares texts only, so links must be resolved before. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
