import { fileLifetimeMs } from "../../../dockerfile/facts/watchedFiles.ts";
import type { WorkspaceView } from "./workspaceView.ts";

/** Leaves the disk to what an editor asks for when it opens its first file. */
const warmUpMs = 1000;

/** Keeps what the files of the workspace define. Reading it never waits: the files are read behind. */
export class WorkspaceIndex {
  readonly #read: (signal: AbortSignal) => Promise<WorkspaceView>;
  readonly #failed: (error: unknown) => void;
  readonly #lifetime = new AbortController();
  #view: WorkspaceView = { dockerfiles: [], builds: [] };
  #isReading = false;
  #warmUp: NodeJS.Timeout | undefined;
  /** The time at which the files are read again, in milliseconds as of performance.now(). */
  #expiresMs = -Infinity;

  constructor(read: (signal: AbortSignal) => Promise<WorkspaceView>, failed: (error: unknown) => void) {
    this.#read = read;
    this.#failed = failed;
  }

  /** The last content read; empty at first. If files may have changed, they are read again in the background. */
  view(): WorkspaceView {
    if (!this.#isReading && performance.now() >= this.#expiresMs) void this.#update();
    return this.#view;
  }

  /** Reads the files soon, so that the first question has an answer. */
  warmUp(): void {
    this.#warmUp ??= setTimeout(() => this.view(), warmUpMs);
  }

  /** Must be called when files or folders of the workspace change. */
  outdated(): void {
    this.#expiresMs = -Infinity;
  }

  dispose(): void {
    clearTimeout(this.#warmUp);
    this.#lifetime.abort();
  }

  async #update(): Promise<void> {
    this.#isReading = true;
    const startMs = performance.now();
    // A change while files are being read makes them expire at once.
    this.#expiresMs = Infinity;
    try {
      this.#view = await this.#read(this.#lifetime.signal);
    } catch (error) {
      if (!this.#lifetime.signal.aborted) this.#failed(error);
    }
    this.#isReading = false;
    const endMs = performance.now();
    this.#expiresMs = Math.min(this.#expiresMs, endMs + fileLifetimeMs(endMs - startMs));
  }
}
