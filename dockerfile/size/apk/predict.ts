import { addRanges, exactly, nothing, rounded, within, type ByteRange } from "../apt/bytes/range.ts";
import type { ApkPackage } from "./package.ts";
import type { ApkOutcome, ApkState } from "./run.ts";

/** The bytes that the commands of apk in a RUN leave in its layer. */
export interface ApkPrediction {
  /** Packages that the layer adds or replaces. */
  readonly packages: readonly ApkPackage[];
  /** The list of installed packages with the files beside it, and `/etc/apk/world`: each is written as a whole. */
  readonly lists: ByteRange;
  readonly indexes: ByteRange;
  /** Files that scripts of the packages write. */
  readonly written: ByteRange;
  readonly total: ByteRange;
  /** A package whose scripts write more than can be predicted. */
  readonly unclear?: string;
}

export function predictApk(before: ApkState, outcome: ApkOutcome, keepsIndexes: boolean): ApkPrediction {
  const { state } = outcome;
  const had = new Set(before.installed);
  const packages = state.installed.filter((it) => !had.has(it));
  const lists = outcome.writesLists ? listsOf(state, packages) : nothing;
  const { indexBytes, refreshedBytes } = keepsIndexes ? outcome : { indexBytes: 0, refreshedBytes: 0 };
  const indexes = addRanges([within(indexBytes, indexDrift), { low: 0, likely: 0, high: refreshedBytes }]);
  const written = writtenBy(state, packages);
  const files = exactly(packages.reduce((sum, { bytes }) => sum + bytes, 0));
  const unclear = packages.find(({ name }) => writesMore.has(name))?.name;
  return {
    packages,
    lists,
    indexes,
    written,
    total: rounded(addRanges([files, lists, indexes, written])),
    ...(unclear !== undefined && { unclear }),
  };
}

/** Allows for packages that are added until the build: an index of 10,000 gets some new ones every day. */
const indexDrift = 0.01;

/** An empty archive of scripts is two blocks of a tar. */
const emptyTarBytes = 1024;

/**
 * The records of a repository lack the names of files, which apk adds. Of Debian's 760 packages on one machine, without
 * manuals, such a list took 250 bytes and 0.075 % of the files; one of ten took more than five times that. 2026-12-01.
 */
const namesPerPackage: ByteRange = { low: 80, likely: 250, high: 500 };
const namesShare: ByteRange = { low: 0, likely: 0.00075, high: 0.004 };

function listsOf({ base, installed, world, scriptBytes }: ApkState, added: readonly ApkPackage[]): ByteRange {
  const ofImage = new Set(base.installed);
  const records = installed.reduce((sum, { recordBytes }) => sum + recordBytes, 0);
  const others = installed.filter((it) => !ofImage.has(it) && it.bytes > 0);
  const bytes = others.reduce((sum, it) => sum + it.bytes, 0);
  const names = (side: keyof ByteRange): number => namesPerPackage[side] * others.length + namesShare[side] * bytes;
  const worldBytes = world.reduce((sum, word) => sum + word.length + 1, 0);
  return addRanges([
    exactly(records + worldBytes + Math.max(scriptBytes, emptyTarBytes)),
    { low: names("low"), likely: names("likely"), high: names("high") },
    scriptsOf(added),
  ]);
}

/** A script in the archive of scripts, with its header: packages with scripts need a shell. */
const scriptEntry: ByteRange = { low: 0, likely: 1536, high: 6144 };

function scriptsOf(packages: readonly ApkPackage[]): ByteRange {
  const count = packages.filter(hasScript).length;
  return { low: 0, likely: scriptEntry.likely * count, high: scriptEntry.high * count };
}

function hasScript({ depends }: ApkPackage): boolean {
  return depends.some(({ name }) => name === "/bin/sh");
}

/** `/etc/passwd`, `group`, `shadow` and their copies, if a script adds a user. */
const maxUserBytes = 8192;

function writtenBy({ installed }: ApkState, added: readonly ApkPackage[]): ByteRange {
  const users = { low: 0, likely: 0, high: added.some(hasScript) ? maxUserBytes : 0 };
  const certificates = added.some(({ name }) => name === "ca-certificates");
  if (!certificates) return users;
  // Its script joins all certificates into the file that this package has from the start.
  const bundle = installed.find(({ name }) => name === "ca-certificates-bundle")?.bytes ?? 0;
  const replaces = !added.some(({ name }) => name === "ca-certificates-bundle");
  return addRanges([users, { low: 0, likely: replaces ? bundle : 0, high: bundle * 1.1 }]);
}

/** Packages whose scripts write caches or images of unknown size. */
const writesMore: ReadonlySet<string> = new Set([
  ...["shared-mime-info", "gdk-pixbuf", "gtk-update-icon-cache", "fontconfig", "mkinitfs", "texlive", "man-db"],
]);
