import { EngineConnector, type EngineStatus, type ReadyEngine } from "./engineConnector.ts";
import { engineId, type NamedEngine } from "./engineNames.ts";
import type { ImageSource, SourceName } from "./source.ts";

export interface EnginesOptions {
  /** As the settings name them now, the one in use first. */
  named(): readonly NamedEngine[];
  sourceOf(name: SourceName, ready: ReadyEngine): ImageSource;
  /** An engine has come, gone, or was named or left out in the settings. */
  onChange(): void;
  onImagesChanged(sourceId: string, changed: readonly string[] | "all"): void;
  onNotice(text: string): void;
}

/** An engine by its name and how it stands with it. */
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
  /** Settled once it is known whether it is there, or nobody wants to know any more. */
  readonly firstLookup: Promise<void>;
  endFirstLook(): void;
}

/** The engine in use and those beside it, each kept by itself: one that hangs or is gone says nothing about the others. */
export class Engines {
  readonly #options: EnginesOptions;
  /** By source id, in the settings' order. */
  #engines: ReadonlyMap<string, ConnectedEngine>;

  constructor(options: EnginesOptions) {
    this.#options = options;
    this.#engines = new Map(options.named().map((engine) => [engine.name.id, this.#create(engine)]));
  }

  /** The one in use first. An engine that is also the one in use, by another name, is left out. */
  get all(): readonly Engine[] {
    const [inUse, ...others] = this.#engines.values();
    if (!inUse) return [];
    const endpoint = endpointOf(inUse);
    return [inUse, ...others.filter((other) => endpoint === undefined || endpointOf(other) !== endpoint)];
  }

  get(sourceId: string): ImageSource | undefined {
    return this.#engines.get(sourceId)?.source;
  }

  /** How it stands with the engine in use. */
  get inUse(): EngineStatus {
    return this.#engines.get(engineId)?.status ?? { kind: "looking" };
  }

  /** Waits until the first look for this engine is over; not at all for one that nobody named. */
  async firstLookup(sourceId: string): Promise<void> {
    await this.#engines.get(sourceId)?.firstLookup;
  }

  /** Looks for all engines anew, also for those that are known: the machine may have changed. */
  async connect(): Promise<void> {
    this.#syncWithSettings();
    await Promise.all([...this.#engines.values()].map(({ connector }) => connector.connect()));
  }

  /** Looks for those that are not there. */
  async connectAbsent(): Promise<void> {
    const absent = [...this.#engines.values()].filter(({ status }) => status.kind !== "ready");
    await Promise.all(absent.map(({ connector }) => connector.connect()));
  }

  /** Docker's configuration is another: looks whether the same engines are meant. */
  async reloadContext(): Promise<void> {
    await Promise.all([...this.#engines.values()].map(({ connector }) => connector.reloadContext()));
  }

  /** Follows the settings: lets go of what they name no more, and looks for what is new in them. */
  async applySettings(): Promise<void> {
    const added = this.#syncWithSettings();
    this.#options.onChange();
    await Promise.all(added.map(({ connector }) => connector.connect()));
  }

  dispose(): void {
    for (const { connector } of this.#engines.values()) connector.dispose();
  }

  /** Keeps those that the settings name, and no other; returns what nobody has looked for. */
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
