/** The number of folders that a package is unpacked into; managers may differ if there are several versions of it. */
export interface Copies {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** The size of one package of a registry, unpacked and as the archive that is downloaded. */
export interface PackageSize {
  /** All files, unpacked. */
  readonly bytes: number;
  readonly files: number;
  readonly packedBytes: number;
  /** The blocks of 4 KiB that its files and folders take, in bytes; absent where only totals are known. */
  readonly diskBytes?: number;
  /** The largest error of `bytes`, as a share of it; absent if it is exact. */
  readonly play?: number;
  /** True if a script of the package runs when it is installed; absent, as the next two, if `play` is set. */
  readonly hasScript?: true;
  /** The platforms that it supports, each as npm writes it: `linux`, `!win32`. */
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** A package that is installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly hasScript?: true;
  /** Absent if it is unavailable. */
  readonly size?: PackageSize;
  /** Absent: 1; all 0 if it is only in the cache. */
  readonly copies?: Copies;
}

/** The content that an install by a lock file puts into the project's node_modules. */
export interface NodeInstall {
  /** Of npm: each as often as it is placed. */
  readonly packages: readonly InstalledPackage[];
  /** The folders in which packages lie: node_modules, those of scopes, and those below other packages. */
  readonly folderCount: number;
  /** Of the lock file that npm keeps in node_modules. */
  readonly hiddenLockBytes: number;
  /** Of the project's lock file. */
  readonly lockBytes: number;
  /** The project's own scripts that an install runs. */
  readonly scripts: readonly string[];
  /** The reason why some packages have no size. */
  readonly missing?: string;
  /** Of another manager than npm: the bytes that it notes of them in node_modules. */
  readonly noted?: Copies;
}
