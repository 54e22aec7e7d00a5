/**
 * The bytes of `10M`, `4k` or `512`, in the units of GNU coreutils; undefined for anything else. `b` has dd's meaning.
 */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,15})([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = units.get(unit);
  if (digits === undefined || factor === undefined) return undefined;
  const bytes = Number(digits) * factor;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const units: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["c", 1],
  ["w", 2],
  ["b", 512],
  ...["K", "M", "G", "T"].flatMap((letter, index): [string, number][] => [
    [letter, 1024 ** (index + 1)],
    [`${letter}iB`, 1024 ** (index + 1)],
    [`${letter}B`, 1000 ** (index + 1)],
  ]),
  ["k", 1024],
  ["kB", 1000],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);
