import { l10n } from "../../ui/l10n.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

interface Unit {
  readonly lengthMs: number;
  readonly one: string;
  many(count: number): string;
}

/** Largest first. Months and years have average lengths, since this is for reading, not for calculating. */
const units: readonly Unit[] = [
  { lengthMs: 365.25 * day, one: l10n.t("1 year ago"), many: (count) => l10n.t("{0} years ago", count) },
  { lengthMs: 30.44 * day, one: l10n.t("1 month ago"), many: (count) => l10n.t("{0} months ago", count) },
  { lengthMs: 7 * day, one: l10n.t("1 week ago"), many: (count) => l10n.t("{0} weeks ago", count) },
  { lengthMs: day, one: l10n.t("1 day ago"), many: (count) => l10n.t("{0} days ago", count) },
  { lengthMs: hour, one: l10n.t("1 hour ago"), many: (count) => l10n.t("{0} hours ago", count) },
  { lengthMs: minute, one: l10n.t("1 minute ago"), many: (count) => l10n.t("{0} minutes ago", count) },
];

/**
 * Formats an age: `3 days ago`, or `not dated` for the epoch and before, which reproducible builds write. `Intl` isn't
 * used because its startup takes longer than formatting a thousand rows.
 */
export function age(thenMs: number, nowMs: number): string {
  if (thenMs <= 0) return l10n.t("undated");
  const past = nowMs - thenMs;
  for (const { lengthMs, one, many } of units) {
    const count = Math.floor(past / lengthMs);
    if (count > 0) return count === 1 ? one : many(count);
  }
  return l10n.t("just now");
}

/** UTC, to the second: `2024-01-01 12:00:00 UTC`. */
export function clockTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime())
    ? l10n.t("invalid date")
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
