import { once, type LockedTree, type ProjectNeeds, type TreePackage } from "./lockedTree.ts";
import type { Copies } from "./packageSize.ts";
import type { NodeSelection } from "./select.ts";
import type { YarnEntry } from "./yarnLock.ts";

/** A package in a folder of node_modules. */
interface Placed {
  readonly entry: YarnEntry | undefined;
  readonly parent: Placed | undefined;
  readonly children: Map<string, Placed>;
}

interface Search {
  readonly byPattern: ReadonlyMap<string, YarnEntry>;
  /** False for an optional package of another platform. */
  readonly fits: (entry: YarnEntry) => boolean;
  readonly omitsOptional: boolean;
}

/**
 * Places the packages of a yarn.lock in node_modules: each as near to the project's folder as no other version of it
 * is. Returns a reason if the lock file lacks one.
 */
export function placeYarnPackages(
  entries: readonly YarnEntry[],
  project: ProjectNeeds,
  selection: Pick<NodeSelection, "omit"> & Pick<Search, "fits">,
): LockedTree | string {
  const omits = (kind: "dev" | "optional"): boolean => selection.omit.includes(kind);
  const search: Search = {
    byPattern: new Map(entries.flatMap((entry) => entry.patterns.map((pattern) => [pattern, entry] as const))),
    fits: selection.fits,
    omitsOptional: omits("optional"),
  };
  const required = patternsOf(project.dependencies, omits("dev") ? undefined : project.devDependencies);
  const optional = omits("optional") ? [] : patternsOf(project.optionalDependencies);
  const absent = [...required, ...optional].find((pattern) => !search.byPattern.has(pattern));
  if (absent !== undefined) return `doesn't list ${absent}`;
  const places = placeAll({ required, optional }, search);
  if (!places) return `needs more than ${maxPlaces} folders`;
  const versions = new Map<string, number>();
  for (const { name } of places.keys()) versions.set(name, (versions.get(name) ?? 0) + 1);
  return {
    packages: entries.map((entry) => packageOf(entry, places.get(entry), versions.get(entry.name) === 1)),
    noted: notedBytes(entries, project),
  };
}

function patternsOf(...lists: readonly (ReadonlyMap<string, string> | undefined)[]): readonly string[] {
  return lists.flatMap((list) => [...(list ?? [])].map(([name, range]) => `${name}@${range}`));
}

interface Wanted {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

interface Place {
  count: number;
  readonly dependents: Set<YarnEntry | undefined>;
}

/** More than any project has; a hostile lock file could ask for any number. */
const maxPlaces = 100_000;

/** Level by level, in the order of their names. */
function placeAll(roots: Wanted, search: Search): ReadonlyMap<YarnEntry, Place> | undefined {
  const root: Placed = { entry: undefined, parent: undefined, children: new Map() };
  const places = new Map<YarnEntry, Place>();
  const waiting = [...placeNeeds(root, roots, search, places)];
  for (const one of waiting) {
    const { needs = [], optionalNeeds = [] } = one.entry ?? {};
    const required = needs.filter((need) => !optionalNeeds.includes(need));
    const optional = search.omitsOptional ? [] : optionalNeeds;
    waiting.push(...placeNeeds(one, { required, optional }, search, places));
    if (waiting.length > maxPlaces) return undefined;
  }
  return places;
}

function placeNeeds(
  from: Placed,
  { required, optional }: Wanted,
  { byPattern, fits }: Search,
  places: Map<YarnEntry, Place>,
): readonly Placed[] {
  const wanted = [
    ...required.flatMap((pattern) => byPattern.get(pattern) ?? []),
    ...optional.flatMap((pattern) => byPattern.get(pattern) ?? []).filter(fits),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  return wanted.flatMap((entry) => {
    const place = places.get(entry) ?? { count: 0, dependents: new Set() };
    places.set(entry, place);
    place.dependents.add(from.entry);
    const folder = folderFor(from, entry);
    if (!folder) return [];
    const placed: Placed = { entry, parent: folder, children: new Map() };
    folder.children.set(entry.name, placed);
    place.count++;
    return [placed];
  });
}

/** The outermost package in whose node_modules it can lie; undefined if it is found from there already. */
function folderFor(from: Placed, entry: YarnEntry): Placed | undefined {
  let best: Placed | undefined;
  for (let folder: Placed | undefined = from; folder; folder = folder.parent) {
    const found = folder.children.get(entry.name);
    if (found?.entry === entry) return undefined;
    if (found) break;
    best = folder;
  }
  return best;
}

function packageOf(entry: YarnEntry, place: Place | undefined, isAlone: boolean): TreePackage {
  const { name, version, url, integrity } = entry;
  return {
    name,
    version,
    ...(url !== undefined && { url: url.replace(/#.*$/s, "") }),
    ...(integrity !== undefined && { integrity }),
    ...(place && { copies: isAlone ? once : copiesOf(place) }),
  };
}

/** One of several versions lies in as many folders as packages need it, at most. */
function copiesOf({ count, dependents }: Place): Copies {
  return { low: 1, likely: Math.max(1, count), high: Math.max(count, dependents.size) };
}

/** Of .yarn-integrity, which lists the packages with their addresses; beside them. Measured with Yarn 1.22. */
const headBytes = 260;

function notedBytes(entries: readonly YarnEntry[], project: ProjectNeeds): Copies {
  const top = patternsOf(project.dependencies, project.devDependencies, project.optionalDependencies);
  const listed = entries.flatMap(({ patterns, url = "" }) =>
    patterns.map((pattern) => pattern.length + url.length + 12),
  );
  const bytes = headBytes + [...top.map((pattern) => pattern.length + 8), ...listed].reduce((sum, one) => sum + one, 0);
  return { low: bytes * 0.5, likely: bytes, high: bytes * 1.1 };
}
