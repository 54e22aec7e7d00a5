import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import type { AptPackage } from "../index/packagesFile.ts";
import type { RelationGroup } from "../index/relation.ts";
import { conflictsIn, unmetIn, type Entry, type System } from "./system.ts";
import type { Universe } from "./universe.ts";

/** The reason why apt would refuse a command. */
export interface Refusal {
  readonly package: string;
  readonly reason: string;
  /** A package that was probably meant. */
  readonly suggestion?: string;
}

export interface PlanOptions {
  readonly withRecommends: boolean;
  /** False for `apt-get upgrade`: upgrades that need a new package are held back. */
  readonly withNew: boolean;
}

/** A command being planned, which marks packages for installation in a copy of the system. */
export interface Plan {
  readonly system: System;
  /** Marks a package without its dependencies; false if a package that must stay conflicts with it. */
  mark(it: AptPackage, as: { readonly isAutomatic: boolean }): boolean;
  /** Marks the dependencies of marked packages, breadth first. */
  complete(): readonly Refusal[];
}

/** The state shared by the parts of a plan. */
interface Planning {
  readonly universe: Universe;
  readonly system: System;
  readonly options: PlanOptions;
  /** Names marked so far. */
  readonly marked: Set<string>;
  /** Packages whose dependencies haven't been marked yet. */
  readonly queue: { readonly it: AptPackage; readonly isUpgrade: boolean }[];
  readonly isInstallable: (it: AptPackage) => boolean;
}

/** Follows apt's pkgDepCache::MarkInstall, as far as it was observed to matter in builds of Debian 12 (apt 2.6). */
export function createPlan(universe: Universe, system: System, options: PlanOptions): Plan {
  const isInstallable = createInstallableCheck(universe, system);
  const planning: Planning = { universe, system, options, marked: new Set(), queue: [], isInstallable };
  return {
    system,
    mark: (it, { isAutomatic }) => mark(planning, it, isAutomatic),
    complete: () => complete(planning),
  };
}

function mark(planning: Planning, it: AptPackage, isAutomatic: boolean): boolean {
  const { system, marked, queue } = planning;
  const before = system.get(it.name);
  if (before?.it.version === it.version) return true;
  // Set before conflicts are cleared, to prevent endless cycles of conflicting packages.
  marked.add(it.name);
  if (!clearConflicts(planning, it)) {
    marked.delete(it.name);
    return false;
  }
  system.set({ it, isAutomatic: before?.isAutomatic ?? isAutomatic, isHeld: before?.isHeld ?? false });
  queue.push({ it, isUpgrade: before !== undefined });
  return true;
}

/** Upgrades conflicting packages if their newer versions don't conflict, and removes them otherwise. */
function clearConflicts(planning: Planning, it: AptPackage): boolean {
  const { universe, system, marked } = planning;
  const inTheWay = conflictsIn(system, it);
  if (inTheWay.some((other) => marked.has(other.it.name))) return false;
  return inTheWay.every((other) => {
    const newer = universe.candidate(other.it.name, other.it);
    if (newer && !other.isHeld && !system.relations.areInConflict(newer, it)) return mark(planning, newer, true);
    if (other.it.isEssential || other.isHeld) return false;
    system.remove(other.it.name);
    return true;
  });
}

function complete(planning: Planning): readonly Refusal[] {
  const refusals: Refusal[] = [];
  for (let next = planning.queue.shift(); next; next = planning.queue.shift()) {
    refusals.push(...markNeeded(planning, next.it, next.isUpgrade));
    if (planning.queue.length === 0) refusals.push(...repair(planning));
  }
  return refusals;
}

function markNeeded(planning: Planning, it: AptPackage, isUpgrade: boolean): readonly Refusal[] {
  const { relations } = planning.system;
  const groups = relations.depends(it);
  const unmet = groups.filter((group) => !ensure(planning, group));
  if (!isUpgrade) for (const twin of outdatedTwins(planning, it, groups)) mark(planning, twin, true);
  // A recommendation that can't be installed is silently dropped, and one of an upgraded package is old.
  const recommended = planning.options.withRecommends && !isUpgrade ? relations.recommends(it) : [];
  for (const group of recommended) ensure(planning, group);
  return unmet.map((group) => ({ package: it.name, reason: `depends on ${textOf(group)}, which can't be installed` }));
}

/** Marks the first possible alternative; true if there is one or it was already installed. */
function ensure(planning: Planning, group: RelationGroup): boolean {
  const { universe, system, options, isInstallable } = planning;
  if (group.some((relation) => system.satisfies(relation))) return true;
  const choices = group.flatMap((relation) =>
    choicesFor(universe, system, relation.name).filter((it) => system.relations.isMet(relation, it)),
  );
  return choices.some((it) => {
    const present = system.get(it.name);
    if (present ? present.isHeld : !options.withNew) return false;
    return isInstallable(it) && mark(planning, it, true);
  });
}

/** The choices for a name: the package itself takes precedence over packages that provide it. */
function choicesFor(universe: Universe, system: System, name: string): readonly AptPackage[] {
  const own = universe.candidate(name, system.get(name)?.it);
  return [...(own ? [own] : []), ...universe.providersOf(name)];
}

/**
 * Installed dependencies built from the same source, in an older version, which apt also upgrades. Observed with
 * xz-utils and liblzma5 of Debian 12.
 */
function outdatedTwins(
  { universe, system }: Planning,
  it: AptPackage,
  groups: readonly RelationGroup[],
): readonly AptPackage[] {
  return groups.flat().flatMap(({ name }) => {
    const entry = system.get(name);
    if (!entry || entry.it.source !== it.source || entry.isHeld) return [];
    const newer = universe.candidate(name, entry.it);
    return newer?.sourceVersion === it.sourceVersion ? [newer] : [];
  });
}

/** Upgrades installed packages whose dependencies broke because of an upgrade. */
function repair(planning: Planning): readonly Refusal[] {
  const { universe, system, marked } = planning;
  const broken = [...system.entries()].filter(
    ({ it }) => !marked.has(it.name) && dependsOnAny(system, it, marked) && unmetIn(system, it).length > 0,
  );
  return broken.flatMap(({ it, isHeld }) => {
    const newer = isHeld ? undefined : universe.candidate(it.name, it);
    if (newer && mark(planning, newer, true)) return [];
    return [{ package: it.name, reason: "is installed and would break" }];
  });
}

function dependsOnAny({ relations }: System, it: DebianPackage, names: ReadonlySet<string>): boolean {
  return relations.depends(it).some((group) => group.some(({ name }) => names.has(name)));
}

/** Returns a check whether all dependencies of a package are available; circular ones count as available. */
function createInstallableCheck(universe: Universe, system: System): (it: AptPackage) => boolean {
  const known = new Map<string, boolean>();
  const check = (it: AptPackage): boolean => {
    const key = `${it.name} ${it.version}`;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, true);
    const isInstallable = system.relations
      .depends(it)
      .every((group) =>
        group.some(
          (relation) =>
            system.satisfies(relation) ||
            choicesFor(universe, system, relation.name).some(
              (choice) => system.relations.isMet(relation, choice) && check(choice),
            ),
        ),
      );
    known.set(key, isInstallable);
    return isInstallable;
  };
  return check;
}

function textOf(group: RelationGroup): string {
  return group
    .map(({ name, constraint }) => (constraint ? `${name} (${constraint.operator} ${constraint.version})` : name))
    .join(" | ");
}

/** The packages that differ between two systems: new or in another version, and removed. */
export function changesBetween(
  before: System,
  after: System,
): { readonly unpacked: readonly Entry[]; readonly removed: readonly Entry[] } {
  return {
    unpacked: [...after.entries()].filter(({ it }) => before.get(it.name)?.it.version !== it.version),
    removed: [...before.entries()].filter(({ it }) => !after.get(it.name)),
  };
}
