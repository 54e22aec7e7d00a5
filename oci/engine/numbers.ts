import { count, isAbsent, type Json } from "../core/decode.ts";

/** A whole number; undefined where there is none, or -1, which engines write for what they did not count. */
export function optionalCount(json: Json): number | undefined {
  return isAbsent(json) || json.value === -1 ? undefined : count(json);
}

/** Seconds since 1970 that are a time; Go's zero time, far below 1970, is none, nor is what no Date holds. */
export function knownTime(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds <= 8.64e12 ? seconds : undefined;
}
