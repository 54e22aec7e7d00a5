import { plural } from "../../../../oci/core/text.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Largest first. Months and years have average lengths, since this is for reading, not for calculating. */
const units: readonly (readonly [string, number])[] = [
  ["year", 365.25 * day],
  ["month", 30.44 * day],
  ["week", 7 * day],
  ["day", day],
  ["hour", hour],
  ["minute", minute],
];

/**
 * Formats an age: `3 days ago`, or `not dated` for the epoch and before, which reproducible builds write. `Intl` isn't
 * used because its startup takes longer than formatting a thousand rows.
 */
export function age(thenMs: number, nowMs: number): string {
  if (thenMs <= 0) return "undated";
  const past = nowMs - thenMs;
  for (const [unit, length] of units) {
    const count = Math.floor(past / length);
    if (count > 0) return `${count} ${plural(count, unit)} ago`;
  }
  return "just now";
}

/** UTC, to the second: `2024-01-01 12:00:00 UTC`. */
export function clockTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? "invalid date" : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
