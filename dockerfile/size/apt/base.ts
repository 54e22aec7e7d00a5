import type { DpkgPackage } from "../../../oci/packages/dpkg.ts";
import type { PathRule } from "../../../oci/packages/dpkgPathRules.ts";
import type { PackageSize } from "../../../oci/packages/packageSizes.ts";
import type { AptConfig } from "./index/aptConfig.ts";
import type { PackageList } from "./index/packageList.ts";
import type { Pin } from "./index/preferences.ts";
import type { Release } from "./index/release.ts";
import type { AptSource } from "./index/sources.ts";

/** The data of an image about its packages and about apt, before a RUN. */
export interface AptBase {
  /** From the image's os-release: "debian" and "bookworm"; empty if absent there. */
  readonly distribution: Distribution;
  /** dpkg's name: "amd64", "arm64". */
  readonly architecture: string;
  readonly installed: readonly DpkgPackage[];
  /** Bytes of `/var/lib/dpkg/status`. */
  readonly statusBytes: number;
  /** Names of packages that were installed as dependencies only. */
  readonly automatic: ReadonlySet<string>;
  readonly sources: readonly AptSource[];
  readonly pins: readonly Pin[];
  readonly config: AptConfig;
  /** `path-exclude` and `path-include` of dpkg, in order. */
  readonly pathRules: readonly PathRule[];
  /**
   * Bytes of the image's files by absolute path, if known: files that apt rewrites or already has are then counted
   * exactly.
   */
  readonly files?: ReadonlyMap<string, number>;
  /** Bytes of the lists of installed packages that the next install rewrites; absent if unknown. @see PackageSizes */
  readonly lostListBytes?: number;
  /** Unknown parts of the image that could change what is installed. */
  readonly unsupported: readonly string[];
}

/** @see os-release(5) */
export interface Distribution {
  readonly id: string;
  readonly codename: string;
  /** The display name: "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string;
}

/** The indexes of all sources of a base, as fetched. */
export interface AptIndex {
  readonly suites: readonly AptSuite[];
}

/** A suite of a source, with one list per component. */
export interface AptSuite {
  readonly source: AptSource;
  readonly release: Release;
  /** Bytes of the InRelease file. */
  readonly releaseBytes: number;
  readonly components: readonly AptComponent[];
}

export interface AptComponent {
  readonly name: string;
  readonly packages: PackageList;
  /** Bytes of the Packages file, uncompressed. */
  readonly rawBytes: number;
}

/** Looks up learned sizes; `profile` is `profileOf` the base's path rules. */
export type LearnedSizes = (
  it: { readonly name: string; readonly version: string; readonly architecture: string },
  profile: string,
) => PackageSize | undefined;
