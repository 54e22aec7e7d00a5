import { compareNumbers, compareVersions, isPrerelease, parseVersion, type PythonVersion } from "./version.ts";

/** One condition of a requirement: `>=2.0`. */
export interface Clause {
  readonly operator: "==" | "~=" | "!=" | "<=" | ">=" | "<" | ">";
  /** Without `.*`. */
  readonly version: PythonVersion;
  /** True for `== 1.2.*` and `!= 1.2.*`. */
  readonly isPrefix: boolean;
  /** The version as written. */
  readonly text: string;
}

const operators = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"] as const;

/** Parses `>=2,<3`; undefined if a part isn't a condition. An empty text has none. */
export function parseClauses(text: string): readonly Clause[] | undefined {
  const clauses: Clause[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const operator = operators.find((one) => part.startsWith(one));
    const written = part.slice(operator?.length ?? 0).trim();
    const isPrefix = written.endsWith(".*") && (operator === "==" || operator === "!=");
    const version = parseVersion(isPrefix ? written.slice(0, -2) : written);
    if (operator === undefined || !version) return undefined;
    // `===` compares texts, which for versions that indexes list is the same as `==`.
    clauses.push({ operator: operator === "===" ? "==" : operator, version, isPrefix, text: written });
  }
  return clauses;
}

/** True if the version fulfils all conditions, not counting whether it is a prerelease. */
export function fulfils(version: PythonVersion, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => fulfilsOne(version, clause));
}

/** True if a condition names a prerelease, which makes prereleases welcome. */
export function namesPrerelease(clauses: readonly Clause[]): boolean {
  return clauses.some(({ operator, version }) => operator !== "!=" && isPrerelease(version));
}

function fulfilsOne(version: PythonVersion, clause: Clause): boolean {
  const { operator, version: limit, isPrefix } = clause;
  // A local part counts only where the condition has one.
  const order = compareVersions(limit.local === undefined ? withoutLocal(version) : version, limit);
  if (operator === "==" || operator === "!=")
    return (isPrefix ? hasPrefix(version, limit) : order === 0) === (operator === "==");
  return isInBounds(version, operator, limit, order);
}

function isInBounds(
  version: PythonVersion,
  operator: Exclude<Clause["operator"], "==" | "!=">,
  limit: PythonVersion,
  order: number,
): boolean {
  switch (operator) {
    case "~=":
      return order >= 0 && hasPrefix(version, { ...limit, release: limit.release.slice(0, -1) }, true);
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0 && !isEarlyFormOf(version, limit);
    case ">":
      return order > 0 && !isLateFormOf(version, limit);
  }
}

/** `<2.0` doesn't take 2.0rc1. */
function isEarlyFormOf(version: PythonVersion, limit: PythonVersion): boolean {
  return !isPrerelease(limit) && isPrerelease(version) && isSameRelease(version, limit);
}

/** `>1.7` doesn't take 1.7.post1. */
function isLateFormOf(version: PythonVersion, limit: PythonVersion): boolean {
  return limit.post === undefined && version.post !== undefined && isSameRelease(version, limit);
}

function withoutLocal({ local: _local, ...version }: PythonVersion): PythonVersion {
  return version;
}

function hasPrefix(version: PythonVersion, prefix: PythonVersion, isCompatible = false): boolean {
  if (version.epoch !== prefix.epoch) return false;
  const start = prefix.release.map((_, index) => version.release[index] ?? 0);
  if (compareNumbers(start, prefix.release) !== 0) return false;
  if (isCompatible || (!prefix.pre && prefix.post === undefined)) return true;
  return String(version.pre) === String(prefix.pre) && (prefix.post === undefined || version.post === prefix.post);
}

function isSameRelease(a: PythonVersion, b: PythonVersion): boolean {
  return a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0;
}
