import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` is `folder` or in it, by their text: links have to be resolved before. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
