/** The value made for a key by an earlier call, or by this one. The caller bounds the map. */
export function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
