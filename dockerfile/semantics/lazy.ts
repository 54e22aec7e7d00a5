/** Computes a value at its first use and keeps it. `make` must not return undefined. */
export function lazy<T extends object>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}
