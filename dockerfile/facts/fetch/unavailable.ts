import type { FactState } from "../fact.ts";

/** The state of a fact that can't be fetched. */
export function unavailable(reason: string): FactState<never> {
  return { state: "unavailable", reason };
}

/** The state of a fact about something that was read and doesn't have it. */
export function lacking(reason: string): FactState<never> {
  return { state: "unavailable", reason, isFinal: true };
}
