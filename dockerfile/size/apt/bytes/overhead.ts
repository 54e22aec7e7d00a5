import type { PackageSize } from "../../../../oci/packages/packageSizes.ts";
import { parseRelations } from "../index/relation.ts";
import type { Entry, System } from "../resolve/system.ts";
import { addRanges, exactly, nothing, within, type ByteRange } from "./range.ts";

/** The bytes that one kind of record or generated file adds to a layer. */
export interface Overhead {
  readonly cause: OverheadCause;
  readonly bytes: ByteRange;
}

export type OverheadCause =
  | "dpkg status"
  | "dpkg info files"
  | "debconf database"
  | "logs"
  | "apt's records"
  | "library cache"
  | "certificate bundle"
  | "Python byte code"
  | "files made by package scripts";

/** The effect of an apt run on the packages of an image. */
export interface Unpacking {
  readonly after: System;
  /** New and upgraded packages, with the sizes that determine their overhead. */
  readonly unpacked: readonly UnpackedPackage[];
  /** The number of times a package was unpacked, including those removed again. */
  readonly unpackings: number;
  /** Packages that existed before, or were installed and removed in the same RUN. */
  readonly removed: number;
  /** Removed packages of the image below. */
  readonly removedBelow: number;
  /** Sizes of files that dpkg, debconf and apt had written before. */
  readonly before: WrittenBefore;
}

export interface UnpackedPackage {
  readonly entry: Entry;
  /** True if an older version was in the image. */
  readonly isUpgrade: boolean;
  /** Python sources among its files. */
  readonly pythonBytes: number;
  /** Bytes of dpkg's files about it in the info folder. */
  readonly infoBytes: number;
  /** The size measured in another image, which replaces the two above. */
  readonly learned?: PackageSize;
}

/** Sizes of files that are rewritten completely on each change. */
export interface WrittenBefore {
  readonly statusBytes: number;
  readonly logBytes: number;
  readonly debconfBytes: number;
  /** The possible error, because packages that add to it were installed. */
  readonly debconfSpread: number;
  /** True if dpkg excludes some folders. */
  readonly leavesOutFiles: boolean;
  /** Bytes of lists that the next install rewrites; absent if unknown. */
  readonly lostListBytes?: number;
}

/** debconf's two databases in a minimal Debian 12, measured 2026-11-30: templates.dat and config.dat. */
export const minimalDebconfBytes = 757_558;

/** Every cause that applies, with its bytes. */
export function overheadsOf(unpacking: Unpacking): readonly Overhead[] {
  if (unpacking.unpacked.length === 0 && unpacking.removed === 0) return [];
  const all: Readonly<Record<OverheadCause, ByteRange>> = {
    "dpkg status": statusBytes(unpacking),
    "dpkg info files": infoBytes(unpacking),
    "debconf database": debconfBytes(unpacking),
    logs: logBytes(unpacking),
    "apt's records": recordBytes(unpacking),
    "library cache": libraryCacheBytes(unpacking),
    "certificate bundle": certificateBytes(unpacking),
    "Python byte code": byteCodeBytes(unpacking),
    "files made by package scripts": generatedBytes(unpacking),
  };
  return (Object.keys(all) as OverheadCause[]).flatMap((cause) =>
    all[cause].likely > 0 ? [{ cause, bytes: all[cause] }] : [],
  );
}

/**
 * A package's share of dpkg's status, relative to its paragraph in the index: file names, hashes and tags are dropped,
 * the whole description and the conffiles are added. Observed in 14 builds: 0.81 to 1.08, and 1.48 for two packages.
 */
const statusShare = 0.98;

/** A package's paragraph in dpkg's status: 820 B on average in Debian 12. */
const paragraphBytes = 820;

/**
 * The size of dpkg's status, which is rewritten, with the previous version kept as status-old. Growth is limited by the
 * paragraphs.
 */
export function statusBytes({ before, unpacked, removedBelow }: Unpacking): ByteRange {
  const growth = unpacked.reduce((sum, { entry }) => sum + entry.it.stanzaLength, 0) * statusShare;
  const shrinkage = removedBelow * paragraphBytes;
  const likely = 2 * before.statusBytes + 2 * growth - shrinkage;
  return { low: likely - 0.7 * growth - shrinkage, likely, high: likely + 1.2 * growth + shrinkage };
}

/** Lists of files, checksums and maintainer scripts of each package, and rewritten lists of others. */
export function infoBytes(unpacking: Unpacking): ByteRange {
  const { unpacked, removed } = unpacking;
  const own = addRanges(
    unpacked.map((it) => (it.learned ? exactly(it.learned.infoBytes) : within(it.infoBytes, 0.15))),
  );
  const ofRemoved = { low: 0, likely: 0, high: removed > 0 ? 20_000 : 0 };
  return addRanges([own, ofRemoved, rewrittenLists(unpacking)]);
}

/**
 * The number of new packages of which one certainly, or likely, has the removed folder: a third of Debian's packages
 * have it.
 */
const sharingPackages = { certain: 15, likely: 4 };

/**
 * The lists that dpkg rewrites: those of installed packages that share a folder with a new one, if that folder is
 * missing from the image. It is missing if the folders that dpkg excludes were also removed: 202 kB for the 88 packages
 * of a minimal Debian 12.
 */
function rewrittenLists({ after, unpacked, before }: Unpacking): ByteRange {
  const { lostListBytes: lost, leavesOutFiles } = before;
  if (unpacked.length === 0) return nothing;
  if (lost === undefined)
    return { low: 0, likely: 0, high: leavesOutFiles ? [...after.entries()].length * rewrittenListBytes : 0 };
  return {
    low: unpacked.length >= sharingPackages.certain ? lost : 0,
    likely: unpacked.length >= sharingPackages.likely ? lost : 0,
    high: lost,
  };
}

/** The lists that the next RUN still has to rewrite. */
export function lostListsAfter({ before, unpacked }: Unpacking): Pick<WrittenBefore, "lostListBytes"> {
  const isRewritten = unpacked.length >= sharingPackages.likely;
  return before.lostListBytes !== undefined && isRewritten ? { lostListBytes: 0 } : {};
}

const rewrittenListBytes = 2400;

/**
 * The size of debconf's databases: its frontends write both on every run, and keep the previous versions if a package
 * asks questions.
 */
export function debconfBytes({ before, unpacked }: Unpacking): ByteRange {
  const asking = unpacked.filter(({ entry }) => dependsOn(entry, "debconf"));
  const questions = asking.filter(({ isUpgrade }) => !isUpgrade).length * questionBytes;
  const copies = asking.length > 0 ? 2 : 1;
  const likely = copies * before.debconfBytes + questions;
  const spread = copies * before.debconfSpread + 0.01 * likely;
  return { low: likely - spread - questions, likely, high: likely + spread + 3 * questions };
}

/** The size of debconf's databases for the next RUN: without the previous versions. */
export function debconfAfter({ before, unpacked }: Unpacking): Pick<WrittenBefore, "debconfBytes" | "debconfSpread"> {
  const asking = unpacked.filter(({ entry, isUpgrade }) => dependsOn(entry, "debconf") && !isUpgrade).length;
  return {
    debconfBytes: before.debconfBytes + asking * questionBytes,
    debconfSpread: before.debconfSpread + asking * questionBytes,
  };
}

/** The bytes that a new package with questions adds to both databases: 30 to 60 kB, mostly translations. */
const questionBytes = 40_000;

/**
 * The size of dpkg.log, history.log and term.log; appending copies the previous content. Observed in 30 builds: 850 B
 * per package, 1,000 B per run, 1,200 B per removal.
 */
export function logBytes({ before, unpackings, removed }: Unpacking): ByteRange {
  const added = 1000 + 850 * unpackings + 1200 * removed;
  return { low: before.logBytes + 0.5 * added, likely: before.logBytes + added, high: before.logBytes + 1.8 * added };
}

/**
 * The size of apt's records. `/var/lib/apt/extended_states` has a paragraph for each package that came as a dependency.
 * `/var/log/apt/eipp.log.xz`, in which apt keeps its plan, has 40 to 60 B for each package of the image; a run replaces
 * it.
 */
export function recordBytes({ after }: Unpacking): ByteRange {
  const entries = [...after.entries()];
  const states = entries.reduce(
    (sum, { it, isAutomatic }) => (isAutomatic ? sum + stateLength + it.name.length + it.architecture.length : sum),
    0,
  );
  const plan = within(50 * entries.length, 0.5);
  return addRanges([plan, { low: 0.9 * states, likely: states, high: 1.1 * states + 200 }]);
}

/** `Package: \nArchitecture: \nAuto-Installed: 1\n\n`. */
const stateLength = 44;

/**
 * The size of ld.so.cache and aux-cache, which are rebuilt when a shared library is added or removed. Observed: 9 kB in
 * a minimal Debian 12, 130 B more for each library.
 */
export function libraryCacheBytes({ unpacked, removed }: Unpacking): ByteRange {
  const libraries = unpacked.filter(({ entry }) => /^lib/.test(entry.it.name)).length;
  return libraries === 0 && removed === 0 ? nothing : within(9100 + 130 * libraries, 0.3);
}

/**
 * The size of /etc/ssl/certs/ca-certificates.crt, and ca-certificates.conf. Observed: 222,073 and 6,349 B for 20230311,
 * nothing in links next to them.
 */
export function certificateBytes({ unpacked }: Unpacking): ByteRange {
  const isUnpacked = (name: string): boolean => unpacked.some(({ entry }) => entry.it.name === name);
  const bundle = isUnpacked("ca-certificates") ? within(228_422, 0.1) : nothing;
  const javaStore = isUnpacked("ca-certificates-java") ? within(166_164, 0.1) : nothing;
  return addRanges([bundle, javaStore]);
}

/**
 * Size of the byte code that py3compile generates, as a share of the sources: of Python 3.11 itself, and of modules
 * (1.09 to 1.6, 1.36 overall).
 */
const byteCodeShare = { standardLibrary: 1.125, modules: 1.36 };

/** The size of byte code: postinst scripts compile Python sources if Python is installed. */
export function byteCodeBytes({ after, unpacked }: Unpacking): ByteRange {
  return after.get("python3-minimal") ? addRanges(unpacked.map(byteCodeOf)) : nothing;
}

/** The byte code of a package. Sources learned without byte code came from an image without Python. */
function byteCodeOf({ entry, pythonBytes, learned }: UnpackedPackage): ByteRange {
  if (learned && (learned.byteCodeBytes > 0 || learned.pythonBytes === 0)) return exactly(learned.byteCodeBytes);
  const sources = learned?.pythonBytes ?? pythonBytes;
  return /^python3\.\d+$/.test(entry.it.source)
    ? within(sources * byteCodeShare.standardLibrary, 0.03)
    : within(sources * byteCodeShare.modules, 0.18);
}

/** Files that maintainer scripts and triggers generate. @see {@link generated} */
export function generatedBytes({ after, unpacked }: Unpacking): ByteRange {
  const made = generated.filter(([pattern]) => unpacked.some(({ entry }) => pattern.test(entry.it.name)));
  const small =
    unpacked.length > 0
      ? { low: 0, likely: 2000 + 100 * unpacked.length, high: 20_000 + 1000 * unpacked.length }
      : nothing;
  const manuals =
    after.get("man-db") && unpacked.some(({ entry }) => entry.it.name === "man-db") ? manualIndex : nothing;
  return addRanges([small, manuals, ...made.map(([, bytes, share]) => within(bytes, share))]);
}

/** mandb's index: 650 kB if manuals are kept, almost nothing otherwise. */
const manualIndex: ByteRange = { low: 5000, likely: 400_000, high: 900_000 };

/** Bytes observed in builds of Debian 12 on 2026-11-30, and their possible error. */
const generated: readonly (readonly [name: RegExp, bytes: number, share: number])[] = [
  // A cluster with its first segment of write-ahead log.
  [/^postgresql-\d+$/, 40_070_000, 0.03],
  // Its log alone has 96 MiB.
  [/^mariadb-server(?:-\d.*)?$/, 118_170_000, 0.03],
  [/^shared-mime-info$/, 2_700_000, 0.05],
  [/^systemd$/, 214_046, 0.1],
  // The hardware database, compiled.
  [/^udev$/, 13_017_119, 0.05],
  [/^fontconfig$/, 25_000, 0.5],
  [/^php\d.*-cli$/, 98_000, 0.2],
  [/^adwaita-icon-theme$/, 124_080, 0.2],
];

/** Packages whose scripts generate or download too much for an honest prediction. */
export function unpredictableAmong(unpacked: readonly UnpackedPackage[]): readonly string[] {
  return unpacked.map(({ entry }) => entry.it.name).filter((name) => unpredictable.test(name));
}

/** Formats of TeX, kernel modules, and fonts and programs fetched by a postinst script. */
const unpredictable =
  /^(?:texlive-base|tex-common|dkms|.*-dkms|linux-image-.*|ttf-mscorefonts-installer|.*-installer|libdvd-pkg|mysql-server.*)$/;

function dependsOn({ it }: Entry, name: string): boolean {
  return parseRelations(it.depends).some((group) => group.some((relation) => relation.name.startsWith(name)));
}
