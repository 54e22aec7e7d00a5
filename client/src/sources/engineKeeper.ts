import { isDeepStrictEqual } from "node:util";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { EngineConnection } from "../../../oci/source/connection.ts";
import { type Endpoint, findEndpoint } from "../../../oci/source/endpoint.ts";
import { createEngine, type Engine } from "../../../oci/source/engine.ts";
import { type EngineWatch, watchEngine } from "../../../oci/source/engineEvents.ts";
import { noLayers, processSurroundings } from "../../../oci/source/localEngine.ts";
import { retryDelayMs } from "../../../oci/source/sshFailure.ts";

export type Keeping = { readonly kind: "looking" } | ReadyEngine | { readonly kind: "absent"; readonly error: OciError };

export interface ReadyEngine {
  readonly kind: "ready";
  readonly engine: Engine;
  /** Where it is, and what decided for it. */
  readonly label: string;
}

export interface KeeperOptions {
  /** What the user's settings name; empty for nothing. */
  host(): string;
  onState(state: Keeping): void;
  /** IDs or names as events have them; none where only what is in use may be another. */
  onImagesChanged(changed: readonly string[] | "all"): void;
  onNotice(text: string): void;
  /** How soon to look again the first time. */
  readonly firstRetryMs?: number;
}

// Looking at known sockets costs a millisecond; an engine that was just started should be seen soon.
const defaultFirstRetryMs = 2000;
const slowestRetryMs = 20_000;

/** Keeps a connection to an engine: finds it, follows its events, looks again where it is gone. */
export class EngineKeeper {
  readonly #options: KeeperOptions;
  #watch: EngineWatch | undefined;
  /** The one that answered last. */
  #connection: EngineConnection | undefined;
  #looking = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #retryMs: number;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#retryMs = this.#firstRetryMs;
  }

  get #firstRetryMs(): number {
    return this.#options.firstRetryMs ?? defaultFirstRetryMs;
  }

  /** Looks for the engine anew, also where one is known: settings or the machine may have changed. */
  async connect(): Promise<void> {
    this.#letGo();
    this.#retryMs = this.#firstRetryMs;
    await this.#look();
  }

  /** Looks whether it is still this engine that is meant, after Docker's configuration changed; nothing happens where it is. */
  async reconsider(): Promise<void> {
    const { signal } = this.#looking;
    const endpoint = await this.#find(signal);
    if (signal.aborted || (endpoint.ok && isDeepStrictEqual(endpoint.value.connection, this.#connection))) return;
    await this.connect();
  }

  dispose(): void {
    this.#letGo();
  }

  #letGo(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    clearTimeout(this.#timer);
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  async #look(): Promise<void> {
    const { signal } = this.#looking;
    const endpoint = await this.#find(signal);
    if (signal.aborted) return;
    if (!endpoint.ok) return this.#isAbsent(endpoint.error);
    const { connection, label, notices } = endpoint.value;
    for (const notice of notices) this.#options.onNotice(notice);
    // The worker reads layers by the connection alone.
    const engine = createEngine(connection, noLayers);
    const pong = await engine.ping(signal);
    if (signal.aborted) return;
    if (!pong.ok) return this.#isAbsent(pong.error);
    this.#retryMs = this.#firstRetryMs;
    this.#connection = connection;
    this.#options.onState({ kind: "ready", engine, label });
    this.#follow(connection);
  }

  #find(signal: AbortSignal): Promise<Result<Endpoint>> {
    return findEndpoint({ setting: this.#options.host(), surroundings: processSurroundings() }, signal);
  }

  #follow(connection: EngineConnection): void {
    const { signal } = this.#looking;
    this.#watch = watchEngine(connection, {
      onImagesChanged: (changed) => this.#options.onImagesChanged(changed),
      // No image is another; the list says which are in use.
      onContainersChanged: () => this.#options.onImagesChanged([]),
      onConnection: (state) => {
        if (signal.aborted || state.isConnected) return;
        // The stream ended: whether the engine is gone or another has come is found out by looking again.
        this.#watch?.dispose();
        this.#watch = undefined;
        this.#lookLater(0);
      },
    });
  }

  #isAbsent(error: OciError): void {
    this.#connection = undefined;
    this.#options.onState({ kind: "absent", error });
    const delayMs = retryDelayMs(this.#retryMs, slowestRetryMs, error);
    this.#lookLater(delayMs);
    this.#retryMs = delayMs * 2;
  }

  #lookLater(delayMs: number): void {
    const { signal } = this.#looking;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (signal.aborted) return;
      this.#look().catch((error: unknown) => {
        if (!signal.aborted) this.#options.onNotice(`looking for an engine failed: ${String(error)}`);
      });
    }, delayMs);
  }
}
