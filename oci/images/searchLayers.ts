import { textAt } from "../core/columns/content.ts";
import type { LayerContent } from "../core/entry.ts";
import { pathHistories, type PathVersion } from "./pathHistory.ts";

/** A matching path, with every layer that changed it, lowest first. */
export interface FoundPath {
  readonly path: string;
  readonly versions: readonly PathVersion[];
}

/** Finds paths in all layers, including those removed later. Returns at most `max`, sorted, and the number of all. */
export function searchLayers(
  contents: readonly LayerContent[],
  matches: (path: string) => boolean,
  max: number,
): { readonly found: readonly FoundPath[]; readonly count: number } {
  const all = new Set<string>();
  for (const content of contents) for (const path of entryPaths(content)) if (matches(path)) all.add(path);
  const paths = [...all].sort().slice(0, max);
  const histories = pathHistories(contents, paths);
  return { found: paths.map((path, index) => ({ path, versions: histories[index] ?? [] })), count: all.size };
}

function* entryPaths({ paths, rows, texts, entryCount }: LayerContent): Generator<string> {
  const whole: string[] = [""];
  // Parents come before their content.
  for (let id = 1; id < paths.parents.length; id++) {
    const parent = whole[paths.parents[id] ?? 0] ?? "";
    const name = textAt(texts, paths.names[id] ?? 0);
    whole.push(parent === "" ? name : `${parent}/${name}`);
  }
  for (const id of new Set(rows.paths.subarray(0, entryCount))) if (id !== 0) yield whole[id] ?? "";
}
