import { createLru } from "../../../oci/source/lru.ts";
import type { ContextFilesFact, FactState } from "../fact.ts";

type Listing = FactState<ContextFilesFact>;

/** Returns the listing of that key, made by `list` at most once while it is kept. */
export type SharedListings = (key: string, list: () => Promise<Listing>) => Promise<Listing>;

// One that is in use by the Dockerfiles that are linted at a time; those of one folder come one after the other.
const maxKept = 16;

/** Shares listings of build contexts for a run in which files don't change: hundreds of Dockerfiles can have one context. */
export function createSharedListings(): SharedListings {
  const kept = createLru<string, Promise<Listing>>(maxKept, () => 1);
  return (key, list) => {
    const known = kept.get(key);
    if (known) return known;
    const listing = list();
    kept.set(key, listing);
    return listing;
  };
}
