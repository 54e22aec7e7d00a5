import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { meets, parseRelations, providesFor, type Relation, type RelationGroup } from "../index/relation.ts";

/** The relations of packages, each field parsed once: planning an install requests the same ones thousands of times. */
export interface PackageRelations {
  depends(it: DebianPackage): readonly RelationGroup[];
  recommends(it: DebianPackage): readonly RelationGroup[];
  provides(it: DebianPackage): readonly Relation[];
  /** Conflicts and Breaks. */
  conflicts(it: DebianPackage): readonly Relation[];
  /** True if a package meets a relation, by its name and version or by a name that it provides. */
  isMet(relation: Relation, by: DebianPackage): boolean;
  areInConflict(a: DebianPackage, b: DebianPackage): boolean;
}

export function createPackageRelations(): PackageRelations {
  const provides = flat(({ provides }) => [provides]);
  const conflicts = flat(({ conflicts, breaks }) => [conflicts, breaks]);
  const isMet = (relation: Relation, by: DebianPackage): boolean =>
    by.name === relation.name
      ? meets(by.version, relation.constraint)
      : provides(by).some((provided) => providesFor(provided, relation));
  return {
    depends: memoized(({ depends }) => parseRelations(depends)),
    recommends: memoized(({ recommends }) => parseRelations(recommends)),
    provides,
    conflicts,
    isMet,
    areInConflict: (a, b) =>
      conflicts(a).some((relation) => isMet(relation, b)) || conflicts(b).some((relation) => isMet(relation, a)),
  };
}

function flat(fieldsOf: (it: DebianPackage) => readonly string[]): (it: DebianPackage) => readonly Relation[] {
  return memoized((it) => fieldsOf(it).flatMap((field) => parseRelations(field).flat()));
}

function memoized<T>(parse: (it: DebianPackage) => T): (it: DebianPackage) => T {
  const known = new WeakMap<DebianPackage, T>();
  return (it) => {
    const parsed = known.get(it) ?? parse(it);
    known.set(it, parsed);
    return parsed;
  };
}
