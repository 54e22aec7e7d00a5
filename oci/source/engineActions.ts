import type { Result } from "../core/error.ts";
import type { Platform } from "../core/platform.ts";
import type { EngineConnection } from "./connection.ts";
import type { Credentials } from "./credentials.ts";
import type { Progress } from "./source.ts";

/** What an engine does with images on a user's order; nothing here happens by itself. Every failure is a value with the engine's own reason. */
export interface EngineActions {
  /** Gives an image another name. */
  tag(image: string, reference: string, signal: AbortSignal): Promise<Result<void>>;
  /** By tag or digest; `platform` absent is the engine's own choice. Cancelling stops the engine's download. */
  pull(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  push(reference: string, options: TransferOptions, signal: AbortSignal): Promise<Result<Transferred>>;
  /** Writes a docker save archive; a file is there only when it is whole. Names are kept in the archive, so pass names, not IDs, where there are any. */
  save(images: readonly string[], file: string, options: TransferOptions, signal: AbortSignal): Promise<Result<{ readonly bytes: number }>>;
  /** Loads an archive, plain or compressed; gives the names or IDs that the engine says it loaded. */
  load(file: string, options: TransferOptions, signal: AbortSignal): Promise<Result<readonly string[]>>;
  /** Removes one name, or by ID the image. Without force the engine refuses what containers or several names use. */
  remove(image: string, options: { readonly force: boolean }, signal: AbortSignal): Promise<Result<RemovedImages>>;
  /** All containers, running or not. */
  containers(signal: AbortSignal): Promise<Result<readonly ContainerSummary[]>>;
  /** Removes dangling images, or all that no container uses. What would go is seen from the list beforehand. */
  prune(which: "dangling" | "unused", signal: AbortSignal): Promise<Result<RemovedImages & { readonly freedBytes: number }>>;
  /** Makes an image of a container; gives its ID. */
  commit(container: string, options: CommitOptions, signal: AbortSignal): Promise<Result<string>>;
}

export interface TransferOptions {
  readonly platform?: Platform;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Transferred {
  /** What the engine reports to be there now: of the tag or digest that was asked for. */
  readonly digest?: string;
  /** The engine's last line of status: `Image is up to date for …`. */
  readonly status: string;
}

export interface RemovedImages {
  /** Names that are gone. */
  readonly untagged: readonly string[];
  /** IDs and layers that are gone. */
  readonly deleted: readonly string[];
}

export interface ContainerSummary {
  readonly id: string;
  readonly names: readonly string[];
  /** What it was made from: an ID, and the name that was asked for. */
  readonly imageId: string;
  readonly image: string;
  /** `running`, `exited`, … */
  readonly state: string;
}

export interface CommitOptions {
  readonly reference?: string;
  readonly comment?: string;
  readonly author?: string;
  /** Stops the container while its files are copied; the engine's default is true. */
  readonly isPaused?: boolean;
}

export declare function createEngineActions(connection: EngineConnection, credentials: Credentials): EngineActions;
