import { count, isAbsent, type Json } from "../core/decode.ts";

/** A whole number; undefined if absent or -1, which engines write for values they didn't count. */
export function optionalCount(json: Json): number | undefined {
  return isAbsent(json) || json.value === -1 ? undefined : count(json);
}

/** Seconds since 1970; undefined for Go's zero time, far below 1970, and for numbers that Date can't hold. */
export function knownTime(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds <= 8.64e12 ? seconds : undefined;
}
