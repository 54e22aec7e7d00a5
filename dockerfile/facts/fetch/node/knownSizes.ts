import type { PackageSize } from "../../../size/node/packageSize.ts";
import { formatTraits, parseTraits } from "./packageTraits.ts";

/** 140 bytes each: some projects with a thousand packages. */
const maxKnown = 40_000;

/** Reads lines of `formatKnown`; those that aren't of its form are left out. */
export function parseKnown(text: string | undefined): ReadonlyMap<string, PackageSize> {
  const known = new Map<string, PackageSize>();
  for (const line of text?.split("\n") ?? []) {
    const [name = "", ...words] = line.split(" ");
    const size = sizeOf(words);
    if (name !== "" && size) known.set(name, size);
  }
  return known;
}

function sizeOf(words: readonly string[]): PackageSize | undefined {
  const [bytes = NaN, files = NaN, packedBytes = NaN, diskBytes = NaN] = words.slice(0, 4).map(Number);
  if (![bytes, files, packedBytes, diskBytes].every(Number.isSafeInteger)) return undefined;
  return { bytes, files, packedBytes, ...(diskBytes >= 0 && { diskBytes }), ...parseTraits(words[4]) };
}

/** A line for each size that is exact, the newest last. */
export function formatKnown(known: ReadonlyMap<string, PackageSize>): string {
  return [...known]
    .filter(([, { play }]) => play === undefined)
    .slice(-maxKnown)
    .map(([name, size]) => {
      const { bytes, files, packedBytes, diskBytes = -1 } = size;
      return [name, bytes, files, packedBytes, diskBytes, formatTraits(size)].join(" ");
    })
    .join("\n");
}

export function mergeKnown(
  old: ReadonlyMap<string, PackageSize>,
  fresh: ReadonlyMap<string, PackageSize>,
): ReadonlyMap<string, PackageSize> {
  return new Map([...old, ...fresh]);
}
