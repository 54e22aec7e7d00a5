import { compareVersions } from "./version.ts";

/** `libc6 (>= 2.36)`: a package by name, perhaps in some versions only. */
export interface Relation {
  readonly name: string;
  readonly constraint?: VersionConstraint;
}

export interface VersionConstraint {
  readonly operator: "<<" | "<=" | "=" | ">=" | ">>";
  readonly version: string;
}

/** Alternatives in order of preference: `a | b`. */
export type RelationGroup = readonly Relation[];

/** Longer fields come only from hostile indexes; Debian's longest has about 20,000 characters. */
const maxFieldLength = 500_000;

/**
 * Parses a field such as Depends. Unreadable alternatives are dropped, as are groups without any other. An architecture
 * qualifier is dropped: `:any` and the native one mean the package itself in an image of one architecture.
 * @see Debian policy 7.1
 */
export function parseRelations(field: string): readonly RelationGroup[] {
  if (field === "" || field.length > maxFieldLength) return [];
  return field
    .split(",")
    .map((group) => group.split("|").flatMap(parseRelation))
    .filter((group) => group.length > 0);
}

/** True if a version meets a constraint; every version meets an absent one. */
export function meets(version: string, constraint: VersionConstraint | undefined): boolean {
  if (!constraint) return true;
  const order = compareVersions(version, constraint.version);
  switch (constraint.operator) {
    case "<<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "=":
      return order === 0;
    case ">=":
      return order >= 0;
    case ">>":
      return order > 0;
  }
}

/** True if a provided name meets a relation: only `Provides: a (= 1)` can meet a constraint. @see Debian policy 7.5 */
export function providesFor(provided: Relation, wanted: Relation): boolean {
  if (provided.name !== wanted.name) return false;
  return (
    !wanted.constraint || (provided.constraint !== undefined && meets(provided.constraint.version, wanted.constraint))
  );
}

const relationPattern =
  /^\s*([a-zA-Z0-9][a-zA-Z0-9+.-]*)(?::[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s()]+)\s*\))?\s*(?:\[[^\]]*\])?\s*(?:<[^>]*>\s*)*$/;

function parseRelation(written: string): readonly Relation[] {
  // Long runs of blanks would make the pattern try every way to divide them.
  const [, name, operator, version] = relationPattern.exec(written.replace(/\s+/g, " ")) ?? [];
  if (name === undefined) return [];
  if (operator === undefined || version === undefined) return [{ name }];
  return [{ name, constraint: { operator: operatorOf(operator), version } }];
}

/** The obsolete `<` and `>` mean "or equal". @see Debian policy 7.1 */
function operatorOf(written: string): VersionConstraint["operator"] {
  switch (written) {
    case "<<":
    case "=":
    case ">>":
      return written;
    case "<":
    case "<=":
      return "<=";
    default:
      return ">=";
  }
}
