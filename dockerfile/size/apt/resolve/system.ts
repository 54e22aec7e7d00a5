import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { meets, parseRelations, providesFor, type Relation, type RelationGroup } from "../index/relation.ts";

/** A package that is installed, or planned to be. */
export interface Entry {
  readonly it: DebianPackage;
  /** Installed as a dependency only. */
  readonly isAutomatic: boolean;
  readonly isHeld: boolean;
}

/** The packages of an image while a command is being planned. */
export interface System {
  get(name: string): Entry | undefined;
  entries(): Iterable<Entry>;
  set(entry: Entry): void;
  remove(name: string): void;
  /** Tells if a package or what one provides meets a relation. */
  satisfies(relation: Relation): boolean;
  /** Packages that provide a name, without the package of that name. */
  providersOf(name: string): readonly Entry[];
  copy(): System;
}

export function createSystem(installed: Iterable<Entry>): System {
  const byName = new Map<string, Entry>();
  const providers = new Map<string, Set<string>>();
  const set = (entry: Entry): void => {
    byName.set(entry.it.name, entry);
    for (const { name } of providedBy(entry.it)) {
      const names = providers.get(name) ?? new Set();
      providers.set(name, names.add(entry.it.name));
    }
  };
  for (const entry of installed) set(entry);
  const providersOf = (name: string): readonly Entry[] =>
    [...(providers.get(name) ?? [])].flatMap((provider) => {
      const entry = provider === name ? undefined : byName.get(provider);
      return entry && providedBy(entry.it).some((provided) => provided.name === name) ? [entry] : [];
    });
  return {
    get: (name) => byName.get(name),
    entries: () => byName.values(),
    set,
    remove: (name) => byName.delete(name),
    satisfies: (relation) => {
      const entry = byName.get(relation.name);
      if (entry && meets(entry.it.version, relation.constraint)) return true;
      return providersOf(relation.name).some(({ it }) => provides(it, relation));
    },
    providersOf,
    copy: () => createSystem(byName.values()),
  };
}

/** Tells if a package meets a relation, by its name and version or by what it provides. */
export function satisfiedBy(it: DebianPackage, relation: Relation): boolean {
  return it.name === relation.name ? meets(it.version, relation.constraint) : provides(it, relation);
}

export function provides(it: DebianPackage, relation: Relation): boolean {
  return providedBy(it).some((provided) => providesFor(provided, relation));
}

/** The groups of a package's Depends that a system doesn't meet. */
export function unmetIn(system: System, it: DebianPackage): readonly RelationGroup[] {
  return parseRelations(it.depends).filter((group) => !group.some((relation) => system.satisfies(relation)));
}

/** Packages of a system that can't stay beside `it`: by its Conflicts and Breaks, or by theirs. */
export function conflictsIn(system: System, it: DebianPackage): readonly Entry[] {
  const named = conflictsOf(it).flatMap((relation) => {
    const entry = system.get(relation.name);
    return [...(entry ? [entry] : []), ...system.providersOf(relation.name)].filter(
      (other) => other.it.name !== it.name && satisfiedBy(other.it, relation),
    );
  });
  const naming = [...system.entries()].filter(
    (other) => other.it.name !== it.name && conflictsOf(other.it).some((relation) => satisfiedBy(it, relation)),
  );
  return [...new Set([...named, ...naming])];
}

/** Tells if two packages can't be installed together. */
export function areInConflict(a: DebianPackage, b: DebianPackage): boolean {
  return (
    conflictsOf(a).some((relation) => satisfiedBy(b, relation)) ||
    conflictsOf(b).some((relation) => satisfiedBy(a, relation))
  );
}

function conflictsOf(it: DebianPackage): readonly Relation[] {
  if (it.conflicts === "" && it.breaks === "") return [];
  return parseRelations([it.conflicts, it.breaks].filter((field) => field !== "").join(", ")).flat();
}

function providedBy(it: DebianPackage): readonly Relation[] {
  return it.provides === "" ? [] : parseRelations(it.provides).flat();
}
