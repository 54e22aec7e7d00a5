import { EngineKeeper, type Keeping, type ReadyEngine } from "./engineConnection.ts";
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
  readonly keeping: Keeping;
  /** Where it is ready. */
  readonly source?: ImageSource | undefined;
}

interface Kept {
  name: SourceName;
  host: string;
  keeping: Keeping;
  source?: ImageSource | undefined;
  readonly keeper: EngineKeeper;
  /** Settled once it is known whether it is there, or nobody wants to know any more. */
  readonly looked: Promise<void>;
  endFirstLook(): void;
}

/** The engine in use and those beside it, each kept by itself: one that hangs or is gone says nothing about the others. */
export class Engines {
  readonly #options: EnginesOptions;
  /** By source id, in the settings' order. */
  #kept: ReadonlyMap<string, Kept>;

  constructor(options: EnginesOptions) {
    this.#options = options;
    this.#kept = new Map(options.named().map((engine) => [engine.name.id, this.#keep(engine)]));
  }

  /** The one in use first. An engine that is also the one in use, by another name, is left out. */
  get all(): readonly Engine[] {
    const [inUse, ...others] = this.#kept.values();
    if (!inUse) return [];
    const endpoint = endpointOf(inUse);
    return [inUse, ...others.filter((other) => endpoint === undefined || endpointOf(other) !== endpoint)];
  }

  get(sourceId: string): ImageSource | undefined {
    return this.#kept.get(sourceId)?.source;
  }

  /** How it stands with the engine in use. */
  get inUse(): Keeping {
    return this.#kept.get(engineId)?.keeping ?? { kind: "looking" };
  }

  /** Waits until the first look for this engine is over; not at all for one that nobody named. */
  async looked(sourceId: string): Promise<void> {
    await this.#kept.get(sourceId)?.looked;
  }

  /** Looks for all engines anew, also for those that are known: the machine may have changed. */
  async connect(): Promise<void> {
    this.#name();
    await Promise.all([...this.#kept.values()].map(({ keeper }) => keeper.connect()));
  }

  /** Looks for those that are not there. */
  async connectAbsent(): Promise<void> {
    const absent = [...this.#kept.values()].filter(({ keeping }) => keeping.kind !== "ready");
    await Promise.all(absent.map(({ keeper }) => keeper.connect()));
  }

  /** Docker's configuration is another: looks whether the same engines are meant. */
  async reconsider(): Promise<void> {
    await Promise.all([...this.#kept.values()].map(({ keeper }) => keeper.reconsider()));
  }

  /** Follows the settings: lets go of what they name no more, and looks for what is new in them. */
  async takeSettings(): Promise<void> {
    const added = this.#name();
    this.#options.onChange();
    await Promise.all(added.map(({ keeper }) => keeper.connect()));
  }

  dispose(): void {
    for (const { keeper } of this.#kept.values()) keeper.dispose();
  }

  /** Keeps those that the settings name, and no other; returns what nobody has looked for. */
  #name(): readonly Kept[] {
    const before = this.#kept;
    const added: Kept[] = [];
    this.#kept = new Map(
      this.#options.named().map((engine) => {
        const known = before.get(engine.name.id);
        if (known?.host === engine.host) return [engine.name.id, Object.assign(known, engine)];
        const kept = Object.assign(known ?? this.#keep(engine), engine, { keeping: looking, source: undefined });
        added.push(kept);
        return [engine.name.id, kept];
      }),
    );
    for (const [id, { keeper, endFirstLook }] of before) {
      if (this.#kept.has(id)) continue;
      keeper.dispose();
      endFirstLook();
    }
    return added;
  }

  #keep({ name, host }: NamedEngine): Kept {
    let endFirstLook: () => void = () => undefined;
    const looked = new Promise<void>((resolve) => (endFirstLook = resolve));
    const keeper = new EngineKeeper({
      host: () => kept.host,
      onState: (state) => {
        this.#is(kept, state);
        if (state.kind !== "looking") endFirstLook();
      },
      onImagesChanged: (changed) => this.#options.onImagesChanged(name.id, changed),
      onNotice: (text) => this.#options.onNotice(text),
    });
    const kept: Kept = { name, host, keeping: looking, keeper, looked, endFirstLook };
    return kept;
  }

  #is(kept: Kept, state: Keeping): void {
    const isSame =
      kept.keeping.kind === "absent" && state.kind === "absent" && kept.keeping.error.message === state.error.message;
    kept.keeping = state;
    kept.source = state.kind === "ready" ? this.#options.sourceOf(kept.name, state) : undefined;
    // Looking again in vain is no news.
    if (!isSame) this.#options.onChange();
  }
}

const looking: Keeping = { kind: "looking" };

function endpointOf({ keeping }: Kept): string | undefined {
  return keeping.kind === "ready" ? keeping.engine.connection.endpoint : undefined;
}
