import { compareNumbers } from "./version.ts";

/** The Python of an image, and what wheels it can use. */
export interface PythonTarget {
  /** Such as [3, 12]. */
  readonly version: readonly [major: number, minor: number];
  /** As in names of wheels: `x86_64`, `aarch64`. */
  readonly machine: string;
  /** The C library with its version, as in `["glibc", [2, 36]]`. */
  readonly libc: readonly [name: "glibc" | "musl", version: readonly [major: number, minor: number]];
}

/** A file name of a wheel, taken apart. */
export interface WheelName {
  /** As written. */
  readonly name: string;
  readonly version: string;
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

/** @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention */
export function parseWheelName(file: string): WheelName | undefined {
  if (!file.endsWith(".whl")) return undefined;
  const parts = file.slice(0, -".whl".length).split("-");
  if (parts.length < 5 || parts.length > 6) return undefined;
  const [pythons = "", abis = "", platforms = ""] = parts.slice(-3).map((part) => part.toLowerCase());
  const [name = "", version = ""] = parts;
  return { name, version, pythons: pythons.split("."), abis: abis.split("."), platforms: platforms.split(".") };
}

/** The rank of a wheel for a Python, 0 for the best; undefined if it can't be used there. */
export function rankOf({ pythons, abis, platforms }: WheelName, target: PythonTarget): number | undefined {
  const platform = best(platforms.map((tag) => rankOfPlatform(tag, target)));
  if (platform === undefined) return undefined;
  const own = best(pythons.flatMap((python) => abis.map((abi) => rankOfPython(python, abi, target))));
  return own === undefined ? undefined : own * platformRanks + platform;
}

function best(ranks: readonly (number | undefined)[]): number | undefined {
  const known = ranks.flatMap((rank) => rank ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

const platformRanks = 1000;

/** A wheel for this version of Python comes first, then those for its stable ABI, then those for any. */
function rankOfPython(python: string, abi: string, { version: [major, minor] }: PythonTarget): number | undefined {
  const own = `cp${major}${minor}`;
  if (python === own && abi === own) return 0;
  const since = minorIn(python, `cp${major}`);
  if (abi === `abi${major}`) return since !== undefined && since <= minor ? 1 + minor - since : undefined;
  if (abi !== "none") return undefined;
  if (python === own) return ranksOfStable;
  if (python === `py${major}`) return ranksOfStable + 1 + minor;
  const generic = minorIn(python, `py${major}`);
  return generic !== undefined && generic <= minor ? ranksOfStable + 1 + minor - generic : undefined;
}

/** More than there are minor versions. */
const ranksOfStable = 100;

/** 12 of `cp312`. */
function minorIn(python: string, prefix: string): number | undefined {
  return python.startsWith(prefix) && /^\d+$/.test(python.slice(prefix.length))
    ? Number(python.slice(prefix.length))
    : undefined;
}

/** Old names of versions of glibc. @see https://peps.python.org/pep-0600/ */
const oldNames: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["manylinux1", [2, 5]],
  ["manylinux2010", [2, 12]],
  ["manylinux2014", [2, 17]],
]);

/** A newer C library comes first. */
function rankOfPlatform(tag: string, { machine, libc: [libc, version] }: PythonTarget): number | undefined {
  if (tag === "any") return platformRanks - 1;
  if (tag === `linux_${machine}`) return platformRanks - 2;
  if (!tag.endsWith(`_${machine}`)) return undefined;
  const name = tag.slice(0, -machine.length - 1);
  const [, kind, major, minor] = /^(manylinux|musllinux)_(\d+)_(\d+)$/.exec(name) ?? [];
  const needed = kind === undefined ? oldNames.get(name) : ([Number(major), Number(minor)] as const);
  const isFor = kind === "musllinux" ? "musl" : "glibc";
  if (!needed || isFor !== libc || compareNumbers(needed, version) > 0) return undefined;
  return needed[0] === version[0] ? Math.min(version[1] - needed[1], platformRanks - 3) : platformRanks - 3;
}
