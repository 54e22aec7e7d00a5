import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import type { Relation, RelationGroup } from "../index/relation.ts";
import { createPackageRelations, type PackageRelations } from "./packageRelations.ts";

/** A package that is installed, or planned to be. */
export interface Entry {
  readonly it: DebianPackage;
  /** Installed as a dependency only. */
  readonly isAutomatic: boolean;
  readonly isHeld: boolean;
}

/** The packages of an image while a command is being planned. */
export interface System {
  readonly relations: PackageRelations;
  get(name: string): Entry | undefined;
  entries(): Iterable<Entry>;
  set(entry: Entry): void;
  remove(name: string): void;
  /** True if a package, or a name that one provides, meets a relation. */
  satisfies(relation: Relation): boolean;
  /** Packages that provide a name, without the package of that name. */
  providersOf(name: string): readonly Entry[];
  copy(): System;
}

/** Copies of a system share `relations`. */
export function createSystem(installed: Iterable<Entry>, relations = createPackageRelations()): System {
  const byName = new Map<string, Entry>();
  const providers = new Map<string, Set<string>>();
  const set = (entry: Entry): void => {
    byName.set(entry.it.name, entry);
    for (const { name } of relations.provides(entry.it)) {
      const names = providers.get(name) ?? new Set();
      providers.set(name, names.add(entry.it.name));
    }
  };
  for (const entry of installed) set(entry);
  const providersOf = (name: string): readonly Entry[] =>
    [...(providers.get(name) ?? [])].flatMap((provider) => {
      const entry = provider === name ? undefined : byName.get(provider);
      return entry && relations.provides(entry.it).some((provided) => provided.name === name) ? [entry] : [];
    });
  return {
    relations,
    get: (name) => byName.get(name),
    entries: () => byName.values(),
    set,
    remove: (name) => byName.delete(name),
    satisfies: (relation) => {
      const entry = byName.get(relation.name);
      if (entry && relations.isMet(relation, entry.it)) return true;
      return providersOf(relation.name).some(({ it }) => relations.isMet(relation, it));
    },
    providersOf,
    copy: () => createSystem(byName.values(), relations),
  };
}

/** The groups of a package's Depends that a system doesn't satisfy. */
export function unmetIn(system: System, it: DebianPackage): readonly RelationGroup[] {
  return system.relations.depends(it).filter((group) => !group.some((relation) => system.satisfies(relation)));
}

/** Packages of a system that conflict with `it`: by its Conflicts and Breaks, or by theirs. */
export function conflictsIn(system: System, it: DebianPackage): readonly Entry[] {
  const { relations } = system;
  const named = relations.conflicts(it).flatMap((relation) => {
    const entry = system.get(relation.name);
    return [...(entry ? [entry] : []), ...system.providersOf(relation.name)].filter(
      (other) => other.it.name !== it.name && relations.isMet(relation, other.it),
    );
  });
  const naming = [...system.entries()].filter(
    (other) =>
      other.it.name !== it.name && relations.conflicts(other.it).some((relation) => relations.isMet(relation, it)),
  );
  return [...new Set([...named, ...naming])];
}
