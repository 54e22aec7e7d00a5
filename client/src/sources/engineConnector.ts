import { isDeepStrictEqual } from "node:util";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import type { EngineConnection } from "../../../oci/engine/endpoint/connection.ts";
import type { Endpoint } from "../../../oci/engine/endpoint/find.ts";
import type { Engine } from "../../../oci/engine/engine.ts";
import type { EngineEvents, EngineWatch } from "../../../oci/engine/events.ts";
import type * as EngineAccess from "./engineAccess.ts";
import { retryDelayMs } from "../../../oci/engine/endpoint/sshFailure.ts";

export type EngineStatus =
  { readonly kind: "looking" } | ReadyEngine | { readonly kind: "absent"; readonly error: OciError };

export interface ReadyEngine {
  readonly kind: "ready";
  readonly engine: Engine;
  createActions(credentials: Credentials): EngineActions;
  /** Its endpoint, and the origin of that choice. */
  readonly label: string;
}

export interface ConnectorOptions {
  /** The engine in the user's settings; empty for none. */
  host(): string;
  onState(state: EngineStatus): void;
  /** Called with IDs or names from events; empty if only the use of images may have changed. */
  onImagesChanged(changed: readonly string[] | "all"): void;
  onNotice(text: string): void;
  /** The delay before the first retry. */
  readonly firstRetryMs?: number;
}

// Checking known sockets takes a millisecond; an engine that was just started should appear soon.
const defaultFirstRetryMs = 2000;
const slowestRetryMs = 20_000;

/** Keeps a connection to an engine: finds it, follows its events, and looks again if it is gone. */
export class EngineConnector {
  readonly #options: ConnectorOptions;
  #watch: EngineWatch | undefined;
  /** The connection, if ready. */
  #connection: EngineConnection | undefined;
  #looking = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #retryMs: number;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#retryMs = this.#firstRetryMs;
  }

  get #firstRetryMs(): number {
    return this.#options.firstRetryMs ?? defaultFirstRetryMs;
  }

  /** Looks for the engine again, even if one is known: settings or the machine may have changed. */
  async connect(): Promise<void> {
    this.#disconnect();
    this.#connection = undefined;
    this.#retryMs = this.#firstRetryMs;
    await this.#unlessDisconnected((signal) => this.#lookUp(signal));
  }

  /** Checks whether the engine is still the same after Docker's configuration changed; if so, nothing happens. */
  async reloadContext(): Promise<void> {
    await this.#unlessDisconnected(async (signal) => {
      const endpoint = await this.#find(signal);
      if (signal.aborted || (endpoint.ok && isDeepStrictEqual(endpoint.value.connection, this.#connection))) return;
      // The old engine must not be used until the new one is found.
      this.#options.onState({ kind: "looking" });
      await this.connect();
    });
  }

  dispose(): void {
    this.#disconnect();
  }

  #disconnect(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    clearTimeout(this.#timer);
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  /** Runs work that ends silently if a different engine, or none, is wanted meanwhile. */
  async #unlessDisconnected(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#looking;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #lookUp(signal: AbortSignal): Promise<void> {
    const endpoint = await this.#find(signal);
    if (signal.aborted) return;
    if (!endpoint.ok) return this.#setAbsent(endpoint.error);
    const { connection, label, notices } = endpoint.value;
    for (const notice of notices) this.#options.onNotice(notice);
    const access = await loadAccess();
    const { engine, createActions } = access.openEngine(connection);
    const pong = await engine.ping(signal);
    if (signal.aborted) return;
    if (!pong.ok) return this.#setAbsent(pong.error);
    const isSame = isDeepStrictEqual(connection, this.#connection);
    this.#connection = connection;
    this.#watch = access.followEngine(connection, this.#events(signal));
    // Cached data of the same engine stays valid, except for changes while events weren't received.
    if (isSame) this.#options.onImagesChanged("all");
    else this.#options.onState({ kind: "ready", engine, createActions, label });
  }

  async #find(signal: AbortSignal): Promise<Result<Endpoint>> {
    const { findEngine } = await loadAccess();
    return findEngine(this.#options.host(), signal);
  }

  #events(signal: AbortSignal): EngineEvents {
    let followedSinceMs: number | undefined;
    let isTold = false;
    return {
      onImagesChanged: (changed) => this.#options.onImagesChanged(changed),
      // No image has changed; the list shows which are in use.
      onContainersChanged: () => this.#options.onImagesChanged([]),
      onConnection: (state) => {
        if (signal.aborted) return;
        if (state.isConnected) followedSinceMs = Date.now();
        else if (state.error === undefined || state.error.kind === "engineUnreachable")
          this.#reconnect(followedSinceMs === undefined ? 0 : Date.now() - followedSinceMs, state.error);
        else if (!isTold) {
          // It responds with an error; the watch retries on its own.
          isTold = true;
          this.#options.onNotice(`images aren't updated automatically: ${state.error.message}`);
        }
      },
    };
  }

  /**
   * Called when events end. Looks for the engine again to see whether it is gone or replaced. Waits if the events ended
   * soon, since the next ones may too.
   */
  #reconnect(followedMs: number, error: OciError | undefined): void {
    this.#watch?.dispose();
    this.#watch = undefined;
    if (followedMs < slowestRetryMs) return this.#lookAfterFailure(error);
    this.#retryMs = this.#firstRetryMs;
    this.#lookLater(0);
  }

  #setAbsent(error: OciError): void {
    this.#connection = undefined;
    this.#options.onState({ kind: "absent", error });
    this.#lookAfterFailure(error);
  }

  #lookAfterFailure(error: OciError | undefined): void {
    const delayMs = retryDelayMs(this.#retryMs, slowestRetryMs, error);
    this.#lookLater(delayMs);
    this.#retryMs = delayMs * 2;
  }

  #lookLater(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#unlessDisconnected((signal) => this.#lookUp(signal)).catch((error: unknown) =>
        this.#options.onNotice(`connecting to an engine failed: ${String(error)}`),
      );
    }, delayMs);
  }
}

/** Loads the module, which is cached like all modules. */
function loadAccess(): Promise<typeof EngineAccess> {
  return import("./engineAccess.ts");
}
