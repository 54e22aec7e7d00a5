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
  return pathHistories(contents, [path])[0] ?? [];
}

/** The histories of many paths; goes through each layer once. */
export function pathHistories(
  contents: readonly LayerContent[],
  paths: readonly string[],
): readonly (readonly PathVersion[])[] {
  const root: Place = { children: new Map() };
  const wanted = paths.map((path): Wanted => ({ way: wayTo(root, path), current: undefined, versions: [] }));
  for (const [layerIndex, content] of contents.entries()) {
    const marks = marksOf(content, root);
    for (const one of wanted) addVersion(one, layerIndex, touch(content, marks, one.way));
  }
  return wanted.map(({ versions }) => versions);
}

interface Wanted {
  /** The places from the root to the path itself. */
  readonly way: readonly Place[];
  current: LayerEntry | undefined;
  readonly versions: PathVersion[];
}

function addVersion(wanted: Wanted, layerIndex: number, { entry, isRemoved }: Touch): void {
  const { current, versions } = wanted;
  // A layer that removes a path and puts something there replaces it.
  if (entry) versions.push(versionOf(layerIndex, current, entry));
  else if (current && isRemoved) versions.push({ layerIndex, change: "removed", attributes: [] });
  if (entry || isRemoved) wanted.current = entry;
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

/** A wanted path, or a folder on the way to one. */
interface Place {
  readonly children: Map<string, Place>;
}

function wayTo(root: Place, path: string): readonly Place[] {
  const way = [root];
  let place = root;
  for (const name of path.split("/")) {
    const next: Place = place.children.get(name) ?? { children: new Map() };
    place.children.set(name, next);
    way.push(next);
    place = next;
  }
  return way;
}

/** A layer's data at places: the row of an entry, and markers. */
interface Marks {
  readonly rows: ReadonlyMap<Place, number>;
  readonly whiteouts: ReadonlySet<Place>;
  readonly opaque: ReadonlySet<Place>;
}

function marksOf(content: LayerContent, root: Place): Marks {
  const { paths, texts } = content;
  const places: (Place | undefined)[] = [root];
  // Parents come before their content.
  for (let id = 1; id < paths.parents.length; id++)
    places.push(places[paths.parents[id] ?? 0]?.children.get(textAt(texts, paths.names[id] ?? 0)));
  const rows = new Map<Place, number>();
  for (let row = 0; row < content.entryCount; row++) {
    const place = places[content.rows.paths[row] ?? 0];
    if (place) rows.set(place, row);
  }
  const marked = (ids: Iterable<number>): ReadonlySet<Place> => new Set([...ids].flatMap((id) => places[id] ?? []));
  return { rows, whiteouts: marked(content.whiteouts), opaque: marked(content.opaqueDirectories) };
}

function touch(content: LayerContent, { rows, whiteouts, opaque }: Marks, way: readonly Place[]): Touch {
  const target = way.at(-1);
  const row = target && rows.get(target);
  const isHidden = (folder: Place): boolean => {
    const at = rows.get(folder);
    return whiteouts.has(folder) || opaque.has(folder) || (at !== undefined && kindAt(content, at) !== "directory");
  };
  const isRemoved = (target !== undefined && whiteouts.has(target)) || way.slice(0, -1).some(isHidden);
  return { entry: row === undefined ? undefined : entryAt(content, row), isRemoved };
}
