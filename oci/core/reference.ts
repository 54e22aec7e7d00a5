import type { Digest } from "./digest.ts";

/** A parsed image reference. @see the distribution reference grammar (github.com/distribution/reference) */
export interface ImageReference {
  /** Normalised: `docker.io` where none was written. */
  readonly registry: string;
  /** Normalised: with `library/` on Docker Hub where none was written. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
  /** The name as the user wrote it, without tag and digest. */
  readonly writtenName: string;
}
