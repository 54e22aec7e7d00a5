import { booleanOf, valueOf } from "../index/aptConfig.ts";
import type { AptBase, AptComponent, AptIndex, AptSuite } from "../base.ts";
import { addRanges, exactly, nothing, within, type ByteRange } from "./range.ts";

/**
 * Size of apt's lz4 files as a share of the Packages file: 0.3764 for the 50 MB of Debian 12's main, 0.30 and 0.36 for
 * small ones (2026-11-30).
 */
const lz4Share = { large: 0.3764, small: 0.305 };

const largeBytes = 10_000_000;

/**
 * The bytes that `apt-get update` leaves in /var/lib/apt/lists, without the files that the image already has as they
 * are in the repository.
 */
export function listBytes(base: AptBase, { suites }: AptIndex): ByteRange {
  return addRanges(
    suites
      .flatMap((suite) => listFilesOf(base, suite).filter((file) => !hasFile(base, file)))
      .map(({ bytes }) => bytes),
  );
}

/** The base once its package lists are removed. */
export function withoutLists(base: AptBase): AptBase {
  if (!base.files) return base;
  return { ...base, files: new Map([...base.files].filter(([path]) => !path.startsWith(listFolder))) };
}

interface ListFile {
  readonly path: string;
  readonly bytes: ByteRange;
}

function listFilesOf({ config, architecture }: AptBase, suite: AptSuite): readonly ListFile[] {
  const isCompressed = booleanOf(config, "Acquire::GzipIndexes") ?? false;
  const path = (name: string): string => listFolder + fileNameOf(suite) + name;
  return [
    { path: path("InRelease"), bytes: exactly(suite.releaseBytes) },
    ...suite.components.flatMap((component) => [
      {
        path: path(`${component.name}_binary-${architecture}_Packages`),
        bytes: storedBytes(component.rawBytes, isCompressed),
      },
      {
        path: path(`${component.name}_i18n_Translation-en`),
        bytes: withTranslations(config) ? storedBytes(translationBytes(component, suite), isCompressed) : nothing,
      },
    ]),
  ];
}

const listFolder = "/var/lib/apt/lists/";

/** The name of a list file: `deb.example.org_debian_dists_bookworm_`. @see apt strutl.cc, URItoFileName */
function fileNameOf({ source: { uri, suite } }: AptSuite): string {
  const host = uri.replace(/^[a-z0-9+.-]+:\/\/(?:[^@/]*@)?/, "");
  const path = suite.endsWith("/") ? `${host}/${suite.slice(0, -1)}` : `${host}/dists/${suite}`;
  return `${path.replaceAll("_", "%5f").replaceAll("/", "_")}_`;
}

/** True if the image has it, as far as its size tells: a list that has changed is written again. */
function hasFile({ files }: AptBase, { path, bytes: { low, high } }: ListFile): boolean {
  return ["", ".lz4", ".gz", ".xz"].some((end) => {
    const size = files?.get(path + end);
    return size !== undefined && (end !== "" || (size >= low && size <= high));
  });
}

function storedBytes(rawBytes: number, isCompressed: boolean): ByteRange {
  if (!isCompressed) return exactly(rawBytes);
  return rawBytes > largeBytes ? within(rawBytes * lz4Share.large, 0.015) : within(rawBytes * lz4Share.small, 0.2);
}

/** True if apt fetches English descriptions, as it does unless `Acquire::Languages` is "none". */
function withTranslations(config: AptBase["config"]): boolean {
  return valueOf(config, "Acquire::Languages") !== "none";
}

function translationBytes({ name }: AptComponent, { release }: AptSuite): number {
  return release.files.get(`${name}/i18n/Translation-en`)?.bytes ?? 0;
}

/**
 * The size of pkgcache.bin and of srcpkgcache.bin as a share of the Packages files. Observed in Debian 12 with and
 * without translations.
 */
const cacheShare = 0.781;

/**
 * The bytes that apt keeps in /var/cache/apt in addition to archives, unless its configuration disables that or
 * docker-clean removes them.
 */
export function cacheBytes(base: AptBase, { suites }: AptIndex): ByteRange {
  if (cleansUp(base)) return nothing;
  const raw = suites.flatMap(({ components }) => components).reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  const files = ["pkgcache", "srcpkgcache"].filter((name) => valueOf(base.config, `Dir::Cache::${name}`) !== "");
  return within(files.length * cacheShare * raw, 0.03);
}

/** The .debs that stay in /var/cache/apt/archives. */
export function archiveBytes(base: AptBase, downloadedBytes: number): ByteRange {
  return cleansUp(base) ? nothing : exactly(downloadedBytes);
}

/** True if the official images' docker-clean removes archives and caches after each run of dpkg. */
export function cleansUp({ config }: AptBase): boolean {
  const hooks = config.get("dpkg::post-invoke") ?? [];
  return hooks.some((command) => /\brm\b.*\/var\/cache\/apt\/archives\//.test(command));
}
