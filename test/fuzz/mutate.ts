/** A source of integers below a limit. */
export type Random = (limit: number) => number;

/** Returns the same numbers for the same seed on every machine. Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const maxBytes = 64 * 1024;

/** Makes one to five changes: bits, bytes, cuts, repetitions, dictionary words, parts of another seed. */
export function mutate(seeds: readonly Buffer[], words: readonly string[], random: Random): Buffer {
  const pick = (): Buffer => seeds[random(seeds.length)] ?? Buffer.alloc(0);
  let bytes: Buffer = Buffer.from(pick());
  for (let left = 1 + random(5); left > 0; left--) bytes = change(bytes, pick(), words, random);
  return bytes.subarray(0, maxBytes);
}

function change(bytes: Buffer, other: Buffer, words: readonly string[], random: Random): Buffer {
  const at = random(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random(40));
  const inserted = (part: Uint8Array): Buffer => Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  switch (random(7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8));
      return flipped;
    }
    case 1:
      return inserted(Buffer.from([random(256)]));
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 3:
      return inserted(Buffer.concat(Array.from({ length: 1 + random(30) }, () => bytes.subarray(at, end))));
    case 4:
    case 5:
      return inserted(Buffer.from(words[random(words.length)] ?? ""));
    default:
      return inserted(other.subarray(random(other.length + 1)));
  }
}
