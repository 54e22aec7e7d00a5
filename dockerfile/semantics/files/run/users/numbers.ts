import { rowsOf, type Database } from "./database.ts";
import type { UserSettings } from "./settings.ts";

/** The kinds of accounts, which have ranges of numbers of their own. */
export type AccountKind = "system" | "regular";

/** The numbers that users or groups have: the third field. */
export function numbersIn(database: Database): ReadonlySet<number> {
  return new Set(rowsOf(database).map(([, , number]) => Number(number)));
}

/**
 * The number that a new user or group gets: above the highest of the range or, for the system's, below the lowest; if
 * that is taken, any free one. Undefined if the range is full.
 * @see https://github.com/shadow-maint/shadow/blob/4.13/libmisc/find_new_uid.c
 */
export function freeNumber(
  taken: ReadonlySet<number>,
  range: readonly [number, number],
  kind: AccountKind,
): number | undefined {
  const [first, last] = range;
  const inRange = [...taken].filter((number) => number >= first && number <= last);
  const next = kind === "regular" ? Math.max(first - 1, ...inRange) + 1 : Math.min(last + 1, ...inRange) - 1;
  if (next >= first && next <= last) return next;
  const free = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((it) => !taken.has(it));
  return kind === "regular" ? free[0] : free.at(-1);
}

/** The range of numbers for new users ("UID") or groups ("GID"). */
export function rangeOf({ numberOf }: UserSettings, what: "UID" | "GID", kind: AccountKind): readonly [number, number] {
  const first = numberOf(`${what}_MIN`, 1000);
  return kind === "regular"
    ? [first, numberOf(`${what}_MAX`, 60_000)]
    : [numberOf(`SYS_${what}_MIN`, 101), numberOf(`SYS_${what}_MAX`, first - 1)];
}
