import { blocksOf } from "./diskCounter.ts";
import type { InstalledPackage, NodeInstall, PackageSize } from "./packageSize.ts";

/** Bytes, between bounds. */
export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** The predicted sizes of an install. */
export interface NodePrediction {
  /** Bytes of files in node_modules. */
  readonly modules: Range;
  /** The manager's cache, if the image keeps it; and its log. */
  readonly cache: Range;
  readonly log: Range;
  /** The same in disk space; absent if unknown. */
  readonly disk?: { readonly modules: Range; readonly cache: Range };
  /** Each package once, with what all its copies take; the largest first. */
  readonly packages: readonly { readonly label: string; readonly bytes: number }[];
  /** The reason why more may be written. */
  readonly unknown?: string;
}

/** Predicts the sizes of an install; scripts of packages run unless `ignoresScripts`. */
export function predictInstall(install: NodeInstall, options: { readonly ignoresScripts: boolean }): NodePrediction {
  const sized = install.packages.flatMap(({ size }) => size ?? []);
  const bytes = sum(sized.map((size) => size.bytes));
  const play = sum(sized.map((size) => size.bytes * (size.play ?? 0)));
  const shrinking = options.ignoresScripts ? 0 : install.packages.filter(({ name }) => replaced.has(name)).length;
  const lock = install.hiddenLockBytes;
  const unknown = whyUnknown(install, options.ignoresScripts);
  const disk = diskOf(install, sized);
  return {
    modules: {
      low: bytes - play - shrinking * maxShimBytes + lock * (1 - lockPlay),
      likely: bytes + lock,
      high: bytes + play + lock * (1 + lockPlay),
    },
    cache: cacheOf(install),
    log: spread(logBytes(install.packages.length), logPlay),
    ...(disk && { disk }),
    packages: perPackage(install.packages),
    ...(unknown !== undefined && { unknown }),
  };
}

/** npm writes some entries of the lock file otherwise than they were. */
const lockPlay = 0.1;

/** Packages whose scripts only look at what is there, print a message, or replace a small file of their own. */
const quiet: ReadonlySet<string> = new Set([
  "@nestjs/core",
  "@parcel/watcher",
  "@swc/core",
  "core-js",
  "core-js-bundle",
  "core-js-pure",
  "es5-ext",
  "esbuild",
  "fsevents",
  "protobufjs",
  "unrs-resolver",
]);
/** Their script puts a link to another package's program where a small file was. */
const replaced: ReadonlySet<string> = new Set(["esbuild"]);
const maxShimBytes = 16 * 1024;

export function whyUnknown({ packages, scripts, missing }: NodeInstall, ignoresScripts: boolean): string | undefined {
  if (missing !== undefined) return missing;
  const [own] = scripts;
  if (own !== undefined && !ignoresScripts) return `runs the project's own script \`${own}\``;
  const run = packages.filter(({ hasScript, copies }) => hasScript && copies?.likely !== 0);
  const names = new Set(run.map(({ name }) => name));
  const [first, ...more] = [...names].filter((name) => !quiet.has(name));
  if (first === undefined || ignoresScripts) return undefined;
  return `runs the install script of ${first}${more.length > 0 ? ` and of ${more.length} more` : ""}`;
}

/** An entry of npm's index names the address twice. Counted in 100 entries of npm 11: 490 to 590 bytes. */
const indexBytes = 534;

function cacheOf({ packages }: NodeInstall): Range {
  const archives = archivesOf(packages);
  const bytes = sum(archives.map(({ packedBytes }) => packedBytes));
  const index = spread(archives.length * indexBytes, 0.1);
  return { low: bytes + index.low, likely: bytes + index.likely, high: bytes + index.high };
}

/** Each is downloaded once. */
function archivesOf(packages: readonly InstalledPackage[]): readonly PackageSize[] {
  const once = new Map(packages.map((one) => [`${one.name}@${one.version}`, one.size]));
  return [...once.values()].flatMap((size) => size ?? []);
}

/** npm 11 writes some lines for each package: 45.6 kB for 100 packages. */
function logBytes(count: number): number {
  return 1_000 + 446 * count;
}
const logPlay = 0.6;

export function perPackage(packages: readonly InstalledPackage[]): NodePrediction["packages"] {
  const bytes = new Map<string, number>();
  for (const { name, version, size, copies } of packages) {
    if (copies?.likely === 0) continue;
    const label = `${name} ${version}`;
    bytes.set(label, (bytes.get(label) ?? 0) + (size?.bytes ?? 0) * (copies?.likely ?? 1));
  }
  return [...bytes].map(([label, total]) => ({ label, bytes: total })).sort((a, b) => b.bytes - a.bytes);
}

/** ext4 may give a folder a second block. */
const folderPlay = 0.02;

function diskOf(
  { packages, folderCount, hiddenLockBytes }: NodeInstall,
  sized: readonly PackageSize[],
): NodePrediction["disk"] {
  if (sized.length < packages.length || sized.some(({ play }) => play !== undefined)) return undefined;
  const parts = sized.map(diskOfPackage);
  const fixed = folderCount * blocksOf(1) + blocksOf(hiddenLockBytes) + blocksOf(1);
  const likely = fixed + sum(parts.map((part) => part.likely));
  return {
    modules: {
      low: sum(parts.map((part) => part.low)),
      likely,
      high: (fixed + sum(parts.map((part) => part.high))) * (1 + folderPlay),
    },
    cache: spread(cacheDiskOf(archivesOf(packages)), cachePlay),
  };
}

/** Which archives share a folder is chance. */
const cachePlay = 0.03;

/** npm keeps an archive and its entry in the index each two folders deep, by the first digits of a hash. */
function cacheDiskOf(archives: readonly PackageSize[]): number {
  const blocks = sum(archives.map(({ packedBytes }) => blocksOf(packedBytes) + blocksOf(1)));
  const outer = hashFolders * (1 - (1 - 1 / hashFolders) ** archives.length);
  return blocks + (2 * (outer + archives.length) + topFolders) * blocksOf(1);
}

/** Two hexadecimal digits. */
const hashFolders = 256;
/** .npm, _cacache, content-v2, sha512, index-v5, tmp. */
const topFolders = 6;

/** If only totals are known, each file fills between one byte and all of its last block. */
function diskOfPackage({ bytes, files, diskBytes }: PackageSize): Range {
  if (diskBytes !== undefined) return { low: diskBytes, likely: diskBytes, high: diskBytes };
  const block = blocksOf(1);
  return {
    low: Math.max(bytes, files * block * emptyShare),
    likely: bytes + files * (block * 0.6) + files * (block / 6),
    high: bytes + 2 * files * block + block,
  };
}

/** Some files are empty and take no block. */
const emptyShare = 0.5;

export function spread(likely: number, share: number): Range {
  return { low: likely * (1 - share), likely, high: likely * (1 + share) };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
