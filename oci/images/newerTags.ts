import type { ImageReference } from "../core/reference.ts";

/** The furthest that a version may move: `3.12.1` to `3.12.4`, to `3.13.0`, or to `4.0.0`. */
export type UpgradeLevel = "patch" | "minor" | "major";

export const upgradeLevels: readonly UpgradeLevel[] = ["patch", "minor", "major"];

/**
 * The newest tag of the same scheme as a reference's, moved at most as far as the level allows; undefined if there is
 * none. For `3.12.1-slim-bookworm` it is `3.12.4-slim-bookworm`, for `20-alpine3.20` it is `20-alpine3.21`.
 */
export function newestTag(reference: ImageReference, tags: readonly string[], level: UpgradeLevel): string | undefined {
  const reachable = upgradeLevels.slice(0, upgradeLevels.indexOf(level) + 1);
  return newerTags(reference, tags).find((newer) => reachable.includes(newer.level))?.tag;
}

/** A tag of the same scheme, and the smallest level that reaches it. */
export interface NewerTag {
  readonly tag: string;
  readonly level: UpgradeLevel;
}

/** Every tag to which a reference's tag can move, the newest first. */
export function newerTags(reference: ImageReference, tags: readonly string[]): readonly NewerTag[] {
  const current = parseTag(reference.tag ?? "");
  if (!current) return [];
  const rules = rulesOf(reference);
  return tags
    .flatMap((tag) => {
      const candidate = parseTag(tag);
      const level = candidate && compare(candidate, current) > 0 ? levelOf(current, candidate, rules) : undefined;
      return candidate && level ? [{ candidate, level }] : [];
    })
    .sort((a, b) => compare(b.candidate, a.candidate))
    .map(({ candidate, level }) => ({ tag: candidate.tag, level }));
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
  /** The numbers of the version, then those of the text after it. */
  readonly groups: readonly (readonly string[])[];
}

/** Parses a tag; undefined without numbers, or if they aren't a version: a hash, a build. */
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

/** Suffixes with their own version that may move: the distribution that an image is based on. */
const movable: ReadonlySet<string> = new Set(["alpine", "debian", "ubuntu", "ubi", "fedora", "oraclelinux"]);

interface Rules {
  /** The number of leading version numbers that identify a separately supported line. */
  readonly lineNumbers: number;
  /** True for the lines with long-term support. */
  readonly isLts?: (version: readonly string[]) => boolean;
}

const evenMajor: Rules = { lineNumbers: 1, isLts: ([major]) => Number(major) % 2 === 0 };
const javaLts: Rules = { lineNumbers: 1, isLts: ([major]) => ["8", "11", "17", "21", "25"].includes(major ?? "") };

/** Images whose lines aren't identified by their first number, or of which only some have long-term support. */
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

/**
 * The level of a move to another tag; undefined if it has another scheme, or if a part of it would move that mustn't.
 */
function levelOf(from: ParsedTag, to: ParsedTag, rules: Rules): UpgradeLevel | undefined {
  const [version = []] = from.groups;
  const [newer = []] = to.groups;
  // A line with long-term support only moves to another one.
  if (!hasScheme(from, to) || (rules.isLts?.(version) && !rules.isLts(newer))) return undefined;
  const reaches = from.groups.map((group, index) => {
    const other = to.groups[index] ?? [];
    const moved = movedNumber(group, other);
    if (moved === undefined) return 0;
    if (!mayMove(from, index) || Number(other[moved]) < Number(group[moved])) return undefined;
    return reach(group, moved, index === 0 ? rules.lineNumbers : 1);
  });
  const allowed = reaches.filter((one) => one !== undefined);
  return allowed.length === reaches.length ? upgradeLevels[Math.max(...allowed)] : undefined;
}

/** True if two tags have the same texts and as many numbers between them. */
function hasScheme(from: ParsedTag, to: ParsedTag): boolean {
  return (
    to.texts.length === from.texts.length &&
    to.texts.every((text, index) => text === from.texts[index]) &&
    to.groups.every((group, index) => group.length === from.groups[index]?.length)
  );
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

/** The size of a move, as an index of the levels. `22.04` is a year and a month, which together identify a line. */
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
