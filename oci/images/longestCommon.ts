/** Indices of equal elements in two lists, in the order of both, as many as possible. */
export type CommonPairs = readonly (readonly [before: number, after: number])[];

const maxCells = 4_000_000; // Two histories of 2,000 steps; longer ones are only compared at their ends.

/** The longest common subsequence. Quadratic in the part between the common ends. */
export function longestCommon(before: readonly string[], after: readonly string[]): CommonPairs {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = commonIn(before.slice(start, before.length - tail), after.slice(start, after.length - tail));
  return [
    ...Array.from({ length: start }, (_, index) => [index, index] as const),
    ...middle.map(([a, b]) => [a + start, b + start] as const),
    ...Array.from({ length: tail }, (_, index) => [before.length - tail + index, after.length - tail + index] as const),
  ];
}

function commonIn(before: readonly string[], after: readonly string[]): CommonPairs {
  const width = after.length + 1;
  if (before.length * after.length > maxCells) return [];
  // lengths[a * width + b]: the longest subsequence of the rest.
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (a: number, b: number): number => lengths[a * width + b] ?? 0;
  for (let a = before.length - 1; a >= 0; a--)
    for (let b = after.length - 1; b >= 0; b--)
      lengths[a * width + b] = before[a] === after[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0, b = 0; a < before.length && b < after.length;) {
    if (before[a] === after[b]) pairs.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a++;
    else b++;
  }
  return pairs;
}
