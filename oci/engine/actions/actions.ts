import type { ContainerSummary } from "../../core/container.ts";
import type { Digest } from "../../core/digest.ts";
import type { Result } from "../../core/error.ts";
import type { Platform } from "../../core/platform.ts";
import type { Progress } from "../../source/source.ts";

/**
 * The operations on images that a user can order from an engine; none happens on its own. Every failure is a value with
 * the engine's own reason.
 */
export interface EngineActions {
  /** Adds a name to an image and takes it from the image that has it. The name can't be a digest (`badReference`). */
  tag(image: string, reference: string, signal: AbortSignal): Promise<Result<void>>;
  /** Pulls by tag or digest; without `platform` the engine chooses. Cancelling stops the engine's download. */
  pull(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  /**
   * Pushes by tag. If the engine doesn't have all platforms of an index, Docker pushes only its own and reports that in
   * `pushedInsteadOf`.
   */
  push(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  /**
   * Writes a docker save archive. The file is created or replaced only when complete. The archive keeps the names it is
   * given, so pass names rather than IDs if there are any.
   */
  save(
    images: readonly string[],
    file: string,
    options: TransferOptions,
    signal: AbortSignal,
  ): Promise<Result<{ readonly bytes: number }>>;
  /**
   * Loads an archive, plain or compressed. Returns the names that the engine loaded, or IDs of unnamed images. A name
   * is taken from the image that had it.
   */
  load(file: string, options: TransferOptions, signal: AbortSignal): Promise<Result<readonly string[]>>;
  /**
   * Removes one name, and the image with the last one; by ID, removes the image with all its names. A refusal is a
   * `conflict`, which lists what force would remove: Podman removes containers too, even running ones.
   */
  remove(image: string, options: RemoveOptions, signal: AbortSignal): Promise<Result<RemovedImages>>;
  /** Lists all containers, running or not. */
  containers(signal: AbortSignal): Promise<Result<readonly ContainerSummary[]>>;
  /**
   * Removes dangling images, or all images that no container uses. In the second case Docker also untags images in use:
   * the containerd store keeps the names that containers were made from, the classic store keeps any one. Freed bytes
   * are counted by the engine: files in the classic store, blobs in the containerd store, and whole images, shared or
   * not, in Podman.
   */
  prune(
    which: "dangling" | "unused",
    signal: AbortSignal,
  ): Promise<Result<RemovedImages & { readonly freedBytes: number }>>;
  /** Makes an image from a container. Returns its ID. */
  commit(container: string, options: CommitOptions, signal: AbortSignal): Promise<Result<string>>;
}

export interface TransferOptions {
  /**
   * Pushing one platform requires Docker 27.0, saving and loading one requires Docker 28.0; otherwise the result is
   * `unsupported`.
   */
  readonly platform?: Platform;
  /** Called occasionally. The bytes never decrease and never exceed the total. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Transferred {
  /**
   * The current digest of the requested tag or digest, as reported by the engine. Podman doesn't report it for a pull.
   */
  readonly digest?: Digest;
  /** The engine's last status line: `Image is up to date for …`. */
  readonly status: string;
  /**
   * The index that the name stands for locally, if only one platform's manifest was pushed because the engine doesn't
   * have the others.
   */
  readonly pushedInsteadOf?: Digest;
}

export interface RemoveOptions {
  readonly force: boolean;
  /** Defaults to "remove": unnamed parents are removed too, as left by the classic builder and by commits. */
  readonly parents?: "remove" | "keep";
}

export interface RemovedImages {
  /** Names that were removed. */
  readonly untagged: readonly string[];
  /** IDs of removed images; in the classic store, also of layers. */
  readonly deleted: readonly string[];
}

export interface CommitOptions {
  readonly reference?: string;
  readonly comment?: string;
  readonly author?: string;
  /** Pauses the container while its files are copied; the engine's default is true. */
  readonly isPaused?: boolean;
}
