import type { PackageSize } from "../../../size/node/packageSize.ts";

/** 130 bytes each: some projects with a thousand packages. */
const maxKnown = 40_000;

/** Reads lines of `formatKnown`; those that aren't of its form are left out. */
export function parseKnown(text: string | undefined): ReadonlyMap<string, PackageSize> {
  const known = new Map<string, PackageSize>();
  for (const line of text?.split("\n") ?? []) {
    const [name = "", ...numbers] = line.split(" ");
    const [bytes = NaN, files = NaN, packedBytes = NaN, diskBytes = NaN] = numbers.map(Number);
    if (name === "" || ![bytes, files, packedBytes, diskBytes].every(Number.isSafeInteger)) continue;
    known.set(name, { bytes, files, packedBytes, ...(diskBytes >= 0 && { diskBytes }) });
  }
  return known;
}

/** A line for each size that is exact, the newest last. */
export function formatKnown(known: ReadonlyMap<string, PackageSize>): string {
  return [...known]
    .filter(([, { play }]) => play === undefined)
    .slice(-maxKnown)
    .map(([name, { bytes, files, packedBytes, diskBytes = -1 }]) =>
      [name, bytes, files, packedBytes, diskBytes].join(" "),
    )
    .join("\n");
}

export function mergeKnown(
  old: ReadonlyMap<string, PackageSize>,
  fresh: ReadonlyMap<string, PackageSize>,
): ReadonlyMap<string, PackageSize> {
  return new Map([...old, ...fresh]);
}
