import { createLru } from "../../../oci/source/lru.ts";
import type { ContextFilesFact, FactState } from "../fact.ts";

type Listing = FactState<ContextFilesFact>;

/** Returns the listing for a key; `list` creates it, at most once while it is kept. */
export type SharedListings = (key: string, list: () => Promise<Listing>) => Promise<Listing>;

// Those in use by the Dockerfiles being linted at a time; Dockerfiles of one folder come one after the other.
const maxKept = 16;

/**
 * Shares listings of build contexts for a run in which files don't change: hundreds of Dockerfiles can have one
 * context.
 */
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
