import type { FactState } from "../fact.ts";

/** The state of a fact that can't be fetched. */
export function unavailable(reason: string): FactState<never> {
  return { state: "unavailable", reason };
}
