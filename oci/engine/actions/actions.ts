import type { ContainerSummary } from "../../core/container.ts";
import type { Digest } from "../../core/digest.ts";
import type { Result } from "../../core/error.ts";
import type { Platform } from "../../core/platform.ts";
import type { Progress } from "../../source/source.ts";

/** What an engine does with images on a user's order; nothing here happens by itself. Every failure is a value with the engine's own reason. */
export interface EngineActions {
  /** Gives an image another name, and takes it from the image that has it. A digest can't be given (`badReference`). */
  tag(image: string, reference: string, signal: AbortSignal): Promise<Result<void>>;
  /** By tag or digest; `platform` absent is the engine's own choice. Cancelling stops the engine's download. */
  pull(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  /** By tag. Where the engine has not all platforms of an index, Docker pushes its own only and says so in `pushedInsteadOf`. */
  push(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  /** Writes a docker save archive; a file is there, or replaced, only when it is whole. Names are kept in the archive, so pass names, not IDs, where there are any. */
  save(
    images: readonly string[],
    file: string,
    options: TransferOptions,
    signal: AbortSignal,
  ): Promise<Result<{ readonly bytes: number }>>;
  /** Loads an archive, plain or compressed; gives the names, or IDs of what has none, that the engine says it loaded. A name that another image had is that image's no more. */
  load(file: string, options: TransferOptions, signal: AbortSignal): Promise<Result<readonly string[]>>;
  /** Removes one name, and with the last one the image; by ID the image with all its names. Refusals are a `conflict`, which says what force would remove: Podman's takes containers along, running ones too. */
  remove(image: string, options: RemoveOptions, signal: AbortSignal): Promise<Result<RemovedImages>>;
  /** All containers, running or not. */
  containers(signal: AbortSignal): Promise<Result<readonly ContainerSummary[]>>;
  /**
   * Removes dangling images, or all that no container uses. Docker then also takes names off images that containers use: the
   * containerd store leaves those that containers were made from, the classic store any one. Freed bytes are as the engine
   * counts: files in the classic store, blobs in the containerd store, and with Podman whole images, whatever they share.
   */
  prune(
    which: "dangling" | "unused",
    signal: AbortSignal,
  ): Promise<Result<RemovedImages & { readonly freedBytes: number }>>;
  /** Makes an image of a container; gives its ID. */
  commit(container: string, options: CommitOptions, signal: AbortSignal): Promise<Result<string>>;
}

export interface TransferOptions {
  /** Pushing one wants Docker 27.0, saving and loading one Docker 28.0; else it is `unsupported`. */
  readonly platform?: Platform;
  /** Told now and then; bytes only grow, and never beyond the total. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Transferred {
  /** What the engine reports to be there now: of the tag or digest that was asked for. Podman reports none for a pull. */
  readonly digest?: Digest;
  /** The engine's last line of status: `Image is up to date for …`. */
  readonly status: string;
  /** The index that the name stands for here, where only one platform's manifest of it was pushed, since the engine has not all of the others. */
  readonly pushedInsteadOf?: Digest;
}

export interface RemoveOptions {
  readonly force: boolean;
  /** "remove" where absent: parents without a name go along, as images of the classic builder and of commits have. */
  readonly parents?: "remove" | "keep";
}

export interface RemovedImages {
  /** Names that are gone. */
  readonly untagged: readonly string[];
  /** IDs of images that are gone, in the classic store of layers too. */
  readonly deleted: readonly string[];
}

export interface CommitOptions {
  readonly reference?: string;
  readonly comment?: string;
  readonly author?: string;
  /** Stops the container while its files are copied; the engine's default is true. */
  readonly isPaused?: boolean;
}
