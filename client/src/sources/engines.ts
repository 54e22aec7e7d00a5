import { EngineConnector, type EngineStatus, type ReadyEngine } from "./engineConnector.ts";
import { engineId, type NamedEngine } from "./engineNames.ts";
import type { ImageSource, SourceName } from "./source.ts";

export interface EnginesOptions {
  /** The engines in the current settings, the one in use first. */
  named(): readonly NamedEngine[];
  sourceOf(name: SourceName, ready: ReadyEngine): ImageSource;
  /** Called when an engine became available or unavailable, or was added to or removed from the settings. */
  onChange(): void;
  onImagesChanged(sourceId: string, changed: readonly string[] | "all"): void;
  onNotice(text: string): void;
}

/** An engine's name and status. */
export interface Engine {
  readonly name: SourceName;
  readonly status: EngineStatus;
  /** Present if it is ready. */
  readonly source?: ImageSource | undefined;
  /** The endpoint it had until the connection was lost; absent if it was never connected, or is again. */
  readonly lostEndpoint?: string | undefined;
}

interface ConnectedEngine {
  name: SourceName;
  host: string;
  status: EngineStatus;
  source?: ImageSource | undefined;
  lostEndpoint?: string | undefined;
  readonly connector: EngineConnector;
  /** Settled once it is known whether it is available, or it is no longer wanted. */
  readonly firstLookup: Promise<void>;
  endFirstLook(): void;
}

/**
 * The engine in use and the additional ones, each with its own connection: a hanging or missing one doesn't affect the
 * others.
 */
export class Engines {
  readonly #options: EnginesOptions;
  /** By source ID, in settings order. */
  #engines: ReadonlyMap<string, ConnectedEngine>;

  constructor(options: EnginesOptions) {
    this.#options = options;
    this.#engines = new Map(options.named().map((engine) => [engine.name.id, this.#create(engine)]));
  }

  /** All engines, the one in use first. An additional engine that is the one in use under another name is left out. */
  get all(): readonly Engine[] {
    const [inUse, ...others] = this.#engines.values();
    if (!inUse) return [];
    const endpoint = endpointOf(inUse);
    return [inUse, ...others.filter((other) => endpoint === undefined || endpointOf(other) !== endpoint)];
  }

  get(sourceId: string): ImageSource | undefined {
    return this.#engines.get(sourceId)?.source;
  }

  /** The status of the engine in use. */
  get inUse(): EngineStatus {
    return this.#engines.get(engineId)?.status ?? { kind: "looking" };
  }

  /** Waits until the first lookup of this engine is over; returns at once for an unknown one. */
  async firstLookup(sourceId: string): Promise<void> {
    await this.#engines.get(sourceId)?.firstLookup;
  }

  /** Looks for all engines again, even known ones: the machine may have changed. */
  async connect(): Promise<void> {
    this.#syncWithSettings();
    await Promise.all([...this.#engines.values()].map(({ connector }) => connector.connect()));
  }

  /** Looks for unavailable engines again. */
  async connectAbsent(): Promise<void> {
    const absent = [...this.#engines.values()].filter(({ status }) => status.kind !== "ready");
    await Promise.all(absent.map(({ connector }) => connector.connect()));
  }

  /** Checks whether the engines are still the same after Docker's configuration changed. */
  async reloadContext(): Promise<void> {
    await Promise.all([...this.#engines.values()].map(({ connector }) => connector.reloadContext()));
  }

  /** Applies the settings: drops engines that were removed, and looks for new ones. */
  async applySettings(): Promise<void> {
    const added = this.#syncWithSettings();
    this.#options.onChange();
    await Promise.all(added.map(({ connector }) => connector.connect()));
  }

  dispose(): void {
    for (const { connector } of this.#engines.values()) connector.dispose();
  }

  /** Keeps exactly the engines in the settings; returns those that haven't been looked for. */
  #syncWithSettings(): readonly ConnectedEngine[] {
    const before = this.#engines;
    const added: ConnectedEngine[] = [];
    this.#engines = new Map(
      this.#options.named().map((engine) => {
        const known = before.get(engine.name.id);
        if (known?.host === engine.host) return [engine.name.id, Object.assign(known, engine)];
        const kept = Object.assign(known ?? this.#create(engine), engine, {
          status: looking,
          source: undefined,
          lostEndpoint: undefined,
        });
        added.push(kept);
        return [engine.name.id, kept];
      }),
    );
    for (const [id, { connector, endFirstLook }] of before) {
      if (this.#engines.has(id)) continue;
      connector.dispose();
      endFirstLook();
    }
    return added;
  }

  #create({ name, host }: NamedEngine): ConnectedEngine {
    let endFirstLook: () => void = () => undefined;
    const looked = new Promise<void>((resolve) => (endFirstLook = resolve));
    const connector = new EngineConnector({
      host: () => kept.host,
      onState: (state) => {
        this.#setStatus(kept, state);
        if (state.kind !== "looking") endFirstLook();
      },
      onImagesChanged: (changed) => this.#options.onImagesChanged(name.id, changed),
      onNotice: (text) => this.#options.onNotice(text),
    });
    const kept: ConnectedEngine = { name, host, status: looking, connector, firstLookup: looked, endFirstLook };
    return kept;
  }

  #setStatus(kept: ConnectedEngine, state: EngineStatus): void {
    const isSame =
      kept.status.kind === "absent" && state.kind === "absent" && kept.status.error.message === state.error.message;
    kept.lostEndpoint = state.kind === "absent" ? (endpointOf(kept) ?? kept.lostEndpoint) : undefined;
    kept.status = state;
    kept.source = state.kind === "ready" ? this.#options.sourceOf(kept.name, state) : undefined;
    // A retry that fails again is not a change.
    if (!isSame) this.#options.onChange();
  }
}

const looking: EngineStatus = { kind: "looking" };

function endpointOf({ status }: ConnectedEngine): string | undefined {
  return status.kind === "ready" ? status.engine.connection.endpoint : undefined;
}
