import type { ImageReference } from "../core/reference.ts";

/** How far a version may move: `3.12.1` to `3.12.4`, to `3.13.0`, or to `4.0.0`. */
export type UpgradeLevel = "patch" | "minor" | "major";

export const upgradeLevels: readonly UpgradeLevel[] = ["patch", "minor", "major"];

/**
 * The newest tag of the same scheme as a reference's, moved at most as far as the level says; undefined if there is none.
 * `3.12.1-slim-bookworm` leads to `3.12.4-slim-bookworm`, `20-alpine3.20` to `20-alpine3.21`.
 */
export function newestTag(reference: ImageReference, tags: readonly string[], level: UpgradeLevel): string | undefined {
  const current = parseTag(reference.tag ?? "");
  if (!current) return undefined;
  const rules = rulesOf(reference);
  let newest = current;
  for (const tag of tags) {
    const candidate = parseTag(tag);
    if (candidate && isUpgrade(current, candidate, level, rules) && compare(candidate, newest) > 0) newest = candidate;
  }
  return newest === current ? undefined : newest.tag;
}

/** The levels that a reference's tag can move by: `3.20` has no patch. Empty if its tag isn't a version. */
export function upgradeLevelsOf(reference: ImageReference): readonly UpgradeLevel[] {
  const current = parseTag(reference.tag ?? "");
  if (!current) return [];
  const { lineNumbers } = rulesOf(reference);
  const found = new Set(
    current.groups.flatMap((group, index) =>
      mayMove(current, index) ? group.map((_, moved) => reach(group, moved, index === 0 ? lineNumbers : 1)) : [],
    ),
  );
  return upgradeLevels.filter((_, index) => found.has(index));
}

interface ParsedTag {
  readonly tag: string;
  /** The texts around the numbers: `-alpine` of `20-alpine3.20`. */
  readonly texts: readonly string[];
  /** The version, then the numbers of what follows it. */
  readonly groups: readonly (readonly string[])[];
}

/** Undefined for a tag without numbers, and for one whose numbers aren't a version: a hash, a build. */
function parseTag(tag: string): ParsedTag | undefined {
  if (/^(?=.*[a-f])(?=.*[0-9])[0-9a-f]{7,64}$/.test(tag)) return undefined;
  const groups = [...tag.matchAll(/[0-9]+(?:\.[0-9]+)*/g)].map(([numbers]) => numbers.split("."));
  const isVersion = groups.every((group) => isDate(group) || group.every((number) => number.length <= maxDigits));
  return groups.length > 0 && isVersion ? { tag, texts: tag.split(/[0-9]+(?:\.[0-9]+)*/), groups } : undefined;
}

// Longer numbers are builds or hashes, unless they are dates.
const maxDigits = 5;

function isDate(group: readonly string[]): boolean {
  return group.length === 1 && /^20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?:[0-9]{4,6})?$/.test(group[0] ?? "");
}

/** What follows a version and moves on its own: the distribution that an image is made on. */
const movable: ReadonlySet<string> = new Set(["alpine", "debian", "ubuntu", "ubi", "fedora", "oraclelinux"]);

interface Rules {
  /** How many numbers of the version name a line that is supported on its own. */
  readonly lineNumbers: number;
  /** True for the lines with long-term support. */
  readonly isLts?: (version: readonly string[]) => boolean;
}

const evenMajor: Rules = { lineNumbers: 1, isLts: ([major]) => Number(major) % 2 === 0 };
const javaLts: Rules = { lineNumbers: 1, isLts: ([major]) => ["8", "11", "17", "21", "25"].includes(major ?? "") };

/** Images whose lines aren't those of their first number, or only some of them have long-term support. */
const rulesByRepository: ReadonlyMap<string, Rules> = new Map([
  ["library/node", evenMajor],
  ["library/ubuntu", { lineNumbers: 2, isLts: ([year, month]) => Number(year) % 2 === 0 && month === "04" }],
  ["library/mysql", { lineNumbers: 2 }],
  ["library/mariadb", { lineNumbers: 2 }],
  ["library/eclipse-temurin", javaLts],
  ["library/amazoncorretto", javaLts],
  ["library/ibm-semeru-runtimes", javaLts],
]);

function rulesOf({ registry, repository }: ImageReference): Rules {
  if (registry === "mcr.microsoft.com" && repository.startsWith("dotnet/")) return evenMajor;
  return (registry === "docker.io" ? rulesByRepository.get(repository) : undefined) ?? { lineNumbers: 1 };
}

function isUpgrade(from: ParsedTag, to: ParsedTag, level: UpgradeLevel, rules: Rules): boolean {
  const hasScheme =
    to.texts.length === from.texts.length &&
    to.texts.every((text, index) => text === from.texts[index]) &&
    to.groups.every((group, index) => group.length === from.groups[index]?.length);
  if (!hasScheme) return false;
  const [version = []] = from.groups;
  const [newer = []] = to.groups;
  // From a line with long-term support only to another one.
  if (rules.isLts?.(version) && !rules.isLts(newer)) return false;
  return from.groups.every((group, index) => {
    const other = to.groups[index] ?? [];
    const moved = movedNumber(group, other);
    if (moved === undefined) return true;
    if (!mayMove(from, index) || Number(other[moved]) < Number(group[moved])) return false;
    return reach(group, moved, index === 0 ? rules.lineNumbers : 1) <= upgradeLevels.indexOf(level);
  });
}

function mayMove({ groups, texts }: ParsedTag, index: number): boolean {
  const family = /[a-z]*$/i.exec(texts[index] ?? "")?.[0] ?? "";
  return index === 0 || isDate(groups[index] ?? []) || movable.has(family.toLowerCase());
}

/** The index of the first number that differs. */
function movedNumber(from: readonly string[], to: readonly string[]): number | undefined {
  const index = from.findIndex((number, at) => number !== to[at]);
  return index === -1 ? undefined : index;
}

/** How far a move goes, as an index of the levels. `22.04` is a year and a month: each is a line of its own. */
function reach(group: readonly string[], moved: number, lineNumbers: number): number {
  if (isDate(group)) return 0;
  const isCalendar = group.length === 2 && /^0/.test(group[1] ?? "");
  if (moved < lineNumbers || isCalendar) return 2;
  return moved === 1 ? 1 : 0;
}

function compare(a: ParsedTag, b: ParsedTag): number {
  const [left, right] = [a.groups.flat(), b.groups.flat()];
  const index = left.findIndex((number, at) => Number(number) !== Number(right[at]));
  return index === -1 ? 0 : Number(left[index]) - Number(right[index]);
}
