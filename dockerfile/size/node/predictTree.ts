import { once } from "./lockedTree.ts";
import type { Copies, InstalledPackage, NodeInstall, PackageSize } from "./packageSize.ts";
import { perPackage, spread, sum, whyUnknown, type NodePrediction, type Range } from "./predict.ts";

interface TreeOptions {
  readonly manager: "pnpm" | "yarn";
  readonly ignoresScripts: boolean;
}

/** Predicts the sizes of an install by Yarn 1 or pnpm. */
export function predictTree(install: NodeInstall, { manager, ignoresScripts }: TreeOptions): NodePrediction {
  const unknown = whyUnknown(install, ignoresScripts);
  const sized = install.packages.flatMap((one) => (one.size ? [{ ...one, size: one.size }] : []));
  const noted = install.noted ?? { low: 0, likely: 0, high: 0 };
  return {
    modules: {
      low: bytesOf(sized, "low") + noted.low,
      likely: bytesOf(sized, "likely") + noted.likely,
      high: bytesOf(sized, "high") + noted.high,
    },
    cache: manager === "yarn" ? yarnCache(sized) : pnpmStore(sized, { ignoresScripts }),
    log: { low: 0, likely: 0, high: 0 },
    packages: perPackage(install.packages),
    ...(unknown !== undefined && { unknown }),
  };
}

type Sized = InstalledPackage & { readonly size: PackageSize };

const factors = { low: -1, likely: 0, high: 1 } as const;

function bytesOf(packages: readonly Sized[], side: keyof Copies): number {
  return sum(
    packages.map(({ size, copies = once }) => copies[side] * size.bytes * (1 + factors[side] * (size.play ?? 0))),
  );
}

/** Of .yarn-metadata.json, with the package's manifest, readme and licence: 1.5 to 174 kB in 229 packages. */
const metadataBytes: Range = { low: 1_500, likely: 8_660, high: 14_000 };

/** Yarn keeps each package unpacked and packed, also those for other platforms. */
function yarnCache(packages: readonly Sized[]): Range {
  const kept = sum(packages.map(({ size }) => size.bytes + size.packedBytes));
  const play = sum(packages.map(({ size }) => size.bytes * (size.play ?? 0)));
  const count = packages.length;
  return {
    low: kept - play + count * metadataBytes.low,
    likely: kept + count * metadataBytes.likely,
    high: kept + play + count * metadataBytes.high,
  };
}

/** Of a file in the index of pnpm's store: a hash, its path, size and mode. Measured with pnpm 9 and 10. */
const indexBytes = 200;
/** The share of bytes in files that several packages have in common: licences, tables of two versions of a package. */
const sharedShare = 0.01;

/**
 * The difference that pnpm's store makes if it is in the image: node_modules has links to its files, and those that
 * several packages share are stored once. Packages with scripts are copied, as scripts may change them.
 */
function pnpmStore(packages: readonly Sized[], { ignoresScripts }: Pick<TreeOptions, "ignoresScripts">): Range {
  const index = spread(sum(packages.map(({ size }) => size.files)) * indexBytes, 0.3);
  const linked = packages.filter(({ hasScript }) => !hasScript);
  const again = sum(linked.map(({ size, copies = once }) => (copies.likely - 1) * size.bytes));
  const copied = sum(packages.filter(({ hasScript }) => hasScript).map(({ size }) => size.bytes));
  const total = sum(packages.map(({ size }) => size.bytes));
  const shared = Math.max(0, total - largestOfEachName(packages)) + sharedShare * total;
  return {
    low: index.low - again - shared,
    likely: index.likely - again - sharedShare * total + copied,
    high: index.high - again + copied + (ignoresScripts ? 0 : copied),
  };
}

/** The largest version of each package, together. */
function largestOfEachName(packages: readonly Sized[]): number {
  const largest = new Map<string, number>();
  for (const { name, size } of packages) largest.set(name, Math.max(largest.get(name) ?? 0, size.bytes));
  return sum([...largest.values()]);
}
