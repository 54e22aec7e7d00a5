/** Values by key, up to a total cost. The least recently used are evicted. */
export interface Lru<K, V> {
  /** The value, which becomes the most recently used. */
  get(key: K): V | undefined;
  /** Stores a value, unless it alone costs more than the total. */
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Keys and values, the least recently used first. Reading them doesn't count as a use. */
  entries(): Iterable<readonly [K, V]>;
}

/** Creates an empty cache. `onEvicted` is called for values that make room for others. */
export function createLru<K, V>(
  maxCost: number,
  costOf: (value: V, key: K) => number,
  onEvicted?: (value: V) => void,
): Lru<K, V> {
  // A Map keeps the order of insertion: its first entry is the least recently used.
  const entries = new Map<K, { readonly value: V; readonly cost: number }>();
  let total = 0;
  const remove = (key: K): void => {
    total -= entries.get(key)?.cost ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, value) => {
      remove(key);
      const cost = costOf(value, key);
      if (cost > maxCost) return;
      entries.set(key, { value, cost });
      total += cost;
      for (const [leastRecent, entry] of entries) {
        if (total <= maxCost) return;
        remove(leastRecent);
        onEvicted?.(entry.value);
      }
    },
    delete: remove,
    *entries() {
      for (const [key, { value }] of entries) yield [key, value];
    },
  };
}
