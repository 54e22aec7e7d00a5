/**
 * Milliseconds of a clock that is never set back, from an arbitrary start. The global `performance` has one, too, but
 * Node loads it at its first use, which takes as long as linting a small file.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
