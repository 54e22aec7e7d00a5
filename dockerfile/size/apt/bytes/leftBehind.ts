import { booleanOf, valueOf } from "../index/aptConfig.ts";
import type { AptBase, AptComponent, AptIndex, AptSuite } from "../base.ts";
import { addRanges, exactly, nothing, within, type ByteRange } from "./range.ts";

/** Size of apt's lz4 files as a share of the Packages file: 0.3764 for the 50 MB of Debian 12's main, 0.30 to 0.36 for small ones (2026-11-30). */
const lz4Share = { large: 0.3764, small: 0.32 };

const largeBytes = 10_000_000;

/** What `apt-get update` leaves in /var/lib/apt/lists. Lists that are below already stay there if they didn't change. */
export function listBytes({ config }: AptBase, { suites }: AptIndex): ByteRange {
  const isCompressed = booleanOf(config, "Acquire::GzipIndexes") ?? false;
  return addRanges(
    suites.flatMap((suite) => [
      exactly(suite.releaseBytes),
      ...suite.components.map((component) => (isCompressed ? compressed(component) : exactly(component.rawBytes))),
      withTranslations(config) ? translationBytes(suite) : nothing,
    ]),
  );
}

function compressed({ rawBytes }: AptComponent): ByteRange {
  return rawBytes > largeBytes ? within(rawBytes * lz4Share.large, 0.015) : within(rawBytes * lz4Share.small, 0.2);
}

/** Without a locale, apt fetches English descriptions, unless `Acquire::Languages` is "none". They are kept uncompressed or in lz4, as Packages. */
function withTranslations(config: AptBase["config"]): boolean {
  return valueOf(config, "Acquire::Languages") !== "none";
}

function translationBytes({ source, release }: AptSuite): ByteRange {
  return addRanges(
    source.components.map((component) => {
      const file = release.files.get(`${component}/i18n/Translation-en`);
      return file ? exactly(file.bytes) : nothing;
    }),
  );
}

/** pkgcache.bin and srcpkgcache.bin as a share of the Packages files, each. Seen in Debian 12 with translations and without. */
const cacheShare = 0.781;

/** What apt keeps in /var/cache/apt beside archives, unless its configuration turns it off or docker-clean removes it. */
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

/** The official images' docker-clean removes archives and caches after each run of dpkg. */
export function cleansUp({ config }: AptBase): boolean {
  const hooks = config.get("dpkg::post-invoke") ?? [];
  return hooks.some((command) => /\brm\b.*\/var\/cache\/apt\/archives\//.test(command));
}
