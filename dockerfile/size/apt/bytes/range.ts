/** A count of bytes with lower and upper bounds. */
export interface ByteRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export const nothing: ByteRange = { low: 0, likely: 0, high: 0 };

export function exactly(bytes: number): ByteRange {
  return { low: bytes, likely: bytes, high: bytes };
}

/** A range around `likely`; `share` is a fraction of it: 0.1 for ±10 %. */
export function within(likely: number, share: number): ByteRange {
  return { low: likely * Math.max(0, 1 - share), likely, high: likely * (1 + share) };
}

/** A sum whose parts may all be at the same bound. */
export function addRanges(ranges: Iterable<ByteRange>): ByteRange {
  let sum = nothing;
  for (const { low, likely, high } of ranges)
    sum = { low: sum.low + low, likely: sum.likely + likely, high: sum.high + high };
  return sum;
}

/** The bounds of a sum of independent errors, as a multiple of its spread: three standard deviations. */
const independentSpread = 3;

/**
 * A sum of parts with independent errors, where `ranges` give bounds of one standard deviation each. `common` is the
 * share of the uncertain bytes by which all may be off together.
 */
export function addIndependent(ranges: readonly ByteRange[], common: number): ByteRange {
  const likely = ranges.reduce((sum, range) => sum + range.likely, 0);
  const spread = (side: (range: ByteRange) => number): number =>
    independentSpread * Math.sqrt(ranges.reduce((sum, range) => sum + side(range) ** 2, 0));
  const uncertain = ranges.reduce((sum, { low, likely: part, high }) => sum + (high > low ? part : 0), 0);
  const down = spread((range) => range.likely - range.low) + common * uncertain;
  const up = spread((range) => range.high - range.likely) + common * uncertain;
  return { low: Math.max(0, likely - down), likely, high: likely + up };
}

export function rounded({ low, likely, high }: ByteRange): ByteRange {
  return { low: Math.floor(low), likely: Math.round(likely), high: Math.ceil(high) };
}
