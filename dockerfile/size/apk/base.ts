import type { ApkList } from "./packageList.ts";
import type { ApkPackage } from "./package.ts";

/** The data of an image about its packages of apk, before a RUN. */
export interface ApkBase {
  /** apk's name: "x86_64", "aarch64". */
  readonly architecture: string;
  readonly repositories: readonly ApkRepository[];
  readonly installed: readonly ApkPackage[];
  /** The packages that were asked for, as written in `/etc/apk/world`. */
  readonly world: readonly string[];
  /** Bytes of the files beside the list of installed packages, which apk rewrites with it. */
  readonly scriptBytes: number;
  /** True if an index is kept in the image. */
  readonly hasIndexes: boolean;
}

export interface ApkRepository {
  readonly url: string;
  /** The name that packages must ask for: `@testing` in front of the address. */
  readonly tag?: string;
}

/** A repository with its packages. */
export interface KnownRepository extends ApkRepository {
  readonly list: ApkList;
}
