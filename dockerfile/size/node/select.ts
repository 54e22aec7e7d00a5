import type { LockedPackage, NodeLock } from "./lock.ts";
import { fits, type NodePlatform } from "./lockedTree.ts";

/** Decides which packages of a lock file are installed. */
export interface NodeSelection extends NodePlatform {
  /** Kinds of packages that are left out. */
  readonly omit: readonly ("dev" | "optional" | "peer")[];
  readonly libc: "glibc" | "musl";
}

/**
 * The packages that npm installs of a lock file, in its order: without the omitted ones, without optional ones for
 * other platforms, and without what only these need.
 * @see https://docs.npmjs.com/cli/commands/npm-install#omit
 */
export function selectPackages(lock: NodeLock, selection: NodeSelection): readonly LockedPackage[] {
  const dropped = new Set(lock.packages.filter((one) => isDropped(one, selection)));
  const byPath = new Map(lock.packages.map((one) => [one.path, one]));
  const devNeeds = selection.omit.includes("dev") ? [] : lock.devNeeds;
  const all = reachable(byPath, lock.devNeeds, new Set());
  const kept = reachable(byPath, devNeeds, dropped);
  // A package that nothing leads to even in the whole tree is kept: something not listed may need it.
  return lock.packages.filter((one) => one.path !== "" && !dropped.has(one) && (kept.has(one) || !all.has(one)));
}

function isDropped(one: LockedPackage, selection: NodeSelection): boolean {
  const omitsDev = selection.omit.includes("dev");
  const omitsOptional = selection.omit.includes("optional");
  if (one.isDev && omitsDev) return true;
  if (one.isOptional) return omitsOptional || !fits(one, selection);
  return one.isDevOptional === true && ((omitsDev && omitsOptional) || !fits(one, selection));
}

/** All that the project leads to, without going through what is dropped. */
function reachable(
  byPath: ReadonlyMap<string, LockedPackage>,
  devNeeds: readonly string[],
  dropped: ReadonlySet<LockedPackage>,
): ReadonlySet<LockedPackage> {
  const found = new Set<LockedPackage>();
  const waiting: LockedPackage[] = [];
  const reach = (one: LockedPackage | undefined): void => {
    if (!one || dropped.has(one) || found.has(one)) return;
    found.add(one);
    waiting.push(one);
  };
  reach(byPath.get(""));
  for (const name of devNeeds) reach(resolve(byPath, "", name));
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (one.linkTo !== undefined) reach(byPath.get(one.linkTo));
    for (const name of one.needs) reach(resolve(byPath, one.path, name));
  }
  return found;
}

/** As Node looks a package up: in the folder's own node_modules, then in those above it. */
function resolve(byPath: ReadonlyMap<string, LockedPackage>, from: string, name: string): LockedPackage | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const found = byPath.get(folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (found || folder === "") return found;
  }
}
