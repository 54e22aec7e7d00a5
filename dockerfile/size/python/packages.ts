import type { Wheel } from "./wheel.ts";

/** The packages that an install by pip adds to an image. */
export interface PipPackages {
  readonly packages: readonly PipPackage[];
  /** The bytes that pip's cache keeps of the index's pages. */
  readonly pageBytes: number;
  /** The reason why more may be installed. */
  readonly missing?: string;
}

/** A package that is installed. */
export interface PipPackage {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** True if the command or a requirements file names it. */
  readonly isRequested: boolean;
  readonly wheel: Wheel;
  /** True if pip's cache keeps the wheel. */
  readonly isKept: boolean;
}
