import { entryAt, kindAt, textAt } from "../core/columns/content.ts";
import { changedAttributes, type ChangedAttribute } from "../core/diff.ts";
import type { LayerContent, LayerEntry } from "../core/entry.ts";

/** A layer's change of a path. */
export interface PathVersion {
  /** Base is 0. */
  readonly layerIndex: number;
  /**
   * "replaced": with other content or type; "metadata": other attributes only; "identical": an identical copy, which
   * ships twice.
   */
  readonly change: "added" | "replaced" | "metadata" | "identical" | "removed";
  /** The layer's entry at the path; absent if it is removed. */
  readonly entry?: LayerEntry;
  /** The differences from the previous version. */
  readonly attributes: readonly ChangedAttribute[];
}

/**
 * Returns every layer that changed a path, lowest first: by an entry of its own, or by removing, hiding or replacing a
 * folder above it.
 */
export function pathHistory(contents: readonly LayerContent[], path: string): readonly PathVersion[] {
  const versions: PathVersion[] = [];
  let current: LayerEntry | undefined;
  for (const [layerIndex, content] of contents.entries()) {
    const { entry, isRemoved } = touch(content, path);
    // A layer that removes a path and adds an entry there replaces it.
    if (entry) versions.push(versionOf(layerIndex, current, entry));
    else if (current && isRemoved) versions.push({ layerIndex, change: "removed", attributes: [] });
    if (entry || isRemoved) current = entry;
  }
  return versions;
}

function versionOf(layerIndex: number, before: LayerEntry | undefined, entry: LayerEntry): PathVersion {
  if (!before) return { layerIndex, change: "added", entry, attributes: [] };
  const attributes = changedAttributes({ entry: before }, { entry });
  if (attributes.length === 0) return { layerIndex, change: "identical", entry, attributes };
  const isReplaced = ["kind", "content", "linkTarget", "device"].some((name) => attributes.some((one) => one === name));
  return { layerIndex, change: isReplaced ? "replaced" : "metadata", entry, attributes };
}

interface Touch {
  readonly entry: LayerEntry | undefined;
  /** True if the layer removes what lower layers have at the path. */
  readonly isRemoved: boolean;
}

function touch(content: LayerContent, path: string): Touch {
  const { way, target } = findPath(content, path);
  const above = new Set(way);
  let entry: LayerEntry | undefined;
  let isReplaced = false;
  for (let row = 0; row < content.entryCount; row++) {
    const at = content.rows.paths[row] ?? 0;
    if (at === target) entry = entryAt(content, row);
    else if (above.has(at) && kindAt(content, row) !== "directory") isReplaced = true;
  }
  const isMarked =
    content.whiteouts.some((at) => at === target || above.has(at)) ||
    content.opaqueDirectories.some((at) => above.has(at));
  return { entry, isRemoved: isMarked || isReplaced };
}

/** The folders of a path that a layer contains, including the root, and the path itself if the layer contains it. */
function findPath(
  { paths, texts }: LayerContent,
  path: string,
): { readonly way: readonly number[]; readonly target?: number } {
  const names = path.split("/");
  const way = [0];
  // Parents come before their content, so that one pass finds all.
  for (let id = 1; id < paths.parents.length && way.length <= names.length; id++)
    if (paths.parents[id] === way.at(-1) && textAt(texts, paths.names[id] ?? 0) === names[way.length - 1]) way.push(id);
  const target = way[names.length];
  return { way: way.slice(0, names.length), ...(target !== undefined && { target }) };
}
