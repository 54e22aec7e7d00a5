/** `1.2.3-rc.1+build`. @see https://semver.org */
interface Version {
  readonly numbers: readonly [number, number, number];
  /** Empty for a release. */
  readonly prerelease: readonly string[];
}

const pattern = /^[v=\s]*(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]*)?$/i;

function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease = ""] = pattern.exec(text) ?? [];
  if (major === undefined) return undefined;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === "" ? [] : prerelease.split("."),
  };
}

export function isPrerelease(version: string): boolean {
  return (parseVersion(version)?.prerelease.length ?? 0) > 0;
}

/** Returns those that are versions, the newest first. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  return versions
    .flatMap((text) => {
      const version = parseVersion(text);
      return version ? [{ text, version }] : [];
    })
    .sort((a, b) => compare(b.version, a.version))
    .map(({ text }) => text);
}

/** Below 0 if `a` is older. */
function compare(a: Version, b: Version): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrereleases(a.prerelease, b.prerelease);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** A release is newer than its prereleases. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  const at = a.findIndex((part, index) => part !== b[index]);
  if (at < 0) return a.length - b.length;
  const [left = "", right] = [a[at], b[at]];
  return right === undefined ? 1 : compareParts(left, right);
}

/** Numbers are older than words. */
function compareParts(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}

/**
 * True if a release is in a range such as `>=18`, `^18.18.0 || >=20` or `18.x`; undefined if either isn't of a form
 * that is covered. @see https://docs.npmjs.com/cli/v6/using-npm/semver#ranges
 */
export function satisfies(release: string, range: string): boolean | undefined {
  const version = parseVersion(release);
  if (!version || version.prerelease.length > 0 || range.length > 200) return undefined;
  const parts = range.split("||").map((part) => isInAll(version.numbers, part.trim()));
  if (parts.includes(undefined)) return undefined;
  return parts.includes(true);
}

function isInAll(version: readonly number[], part: string): boolean | undefined {
  const comparators = part.replace(/([<>=~^])\s+/g, "$1").split(/\s+/);
  const results = comparators.map((comparator) => isIn(version, comparator));
  if (results.includes(undefined)) return undefined;
  return !results.includes(false);
}

function isIn(version: readonly number[], comparator: string): boolean | undefined {
  if (/^[*xX]?$/.test(comparator)) return true;
  const found = /^(>=|<=|>|<|\^|~|=)?v?(\d{1,9})(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?$/.exec(comparator);
  if (!found) return undefined;
  const given = found.slice(2).flatMap((part) => (/^\d+$/.test(part ?? "") ? [Number(part)] : []));
  const low = [...given, 0, 0].slice(0, 3);
  const isBelow = compareNumbers(version, low) < 0;
  // `>18` and `<=18` go by all of 18.
  const isAbove = compareNumbers(version.slice(0, given.length), given) > 0;
  switch (found[1]) {
    case ">=":
      return !isBelow;
    case "<":
      return isBelow;
    case ">":
      return isAbove;
    case "<=":
      return !isAbove;
    case "^":
      return !isBelow && hasSameStart(version, given, Math.min(given.findIndex((n) => n > 0) + 1 || given.length, 3));
    case "~":
      return !isBelow && hasSameStart(version, given, Math.min(given.length, 2));
    default:
      return hasSameStart(version, given, given.length);
  }
}

function hasSameStart(version: readonly number[], given: readonly number[], count: number): boolean {
  return given.slice(0, count).every((number, index) => number === version[index]);
}
