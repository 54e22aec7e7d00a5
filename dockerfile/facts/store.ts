import type { FactKey, Facts, FactState, FactTypes } from "./fact.ts";

/** What a fact may depend on beside its key: where the Dockerfile and its build context are. */
export interface FactScope {
  /** Absolute path of the build context; absent where the document is on no disk. */
  readonly contextRoot?: string;
  /** Absolute path of the Dockerfile, which decides its ignore file. */
  readonly dockerfilePath?: string;
}

type Fetcher<Kind extends FactKey["kind"]> = (
  key: Extract<FactKey, { kind: Kind }>,
  scope: FactScope,
  signal: AbortSignal,
) => Promise<FactState<FactTypes[Kind]>>;

/** How each kind of fact is fetched; all IO is in here. */
export type FactFetchers = { readonly [Kind in FactKey["kind"]]: Fetcher<Kind> };

interface Slot {
  readonly key: FactKey;
  readonly scope: FactScope;
  /** The last answer; kept while a newer one is fetched, so that hints don't flicker. */
  state: FactState<FactTypes[FactKey["kind"]]>;
  isStale: boolean;
  /** When it is fetched again though nobody said that it is outdated; milliseconds as of performance.now(). */
  expiresMs: number;
  fetching?: AbortController;
}

// Announcements that come within this time are one: a burst of arriving facts is one refresh of the editor.
const announceDelayMs = 30;
// Oldest facts are dropped beyond this; a workspace has far fewer base images and contexts.
const maxSlots = 500;

/** Facts read at once and fetched behind: reading never waits, and what arrives is announced once. */
export class FactStore {
  readonly #slots = new Map<string, Slot>();
  readonly #running = new Set<Promise<void>>();
  readonly #fetchers: FactFetchers;
  readonly #onChange: () => void;
  #announcement: NodeJS.Timeout | undefined;

  /** `onChange` is called once after facts changed, debounced. */
  constructor(fetchers: FactFetchers, onChange: () => void) {
    this.#fetchers = fetchers;
    this.#onChange = onChange;
  }

  /** The facts as one Dockerfile sees them. */
  view(scope: FactScope): Facts {
    // The slot's name contains the kind, so the state read is of that kind's type.
    return { get: (key) => this.#read(key, scope) as FactState<never> };
  }

  /** Marks facts as outdated; they are fetched again when next read, and the old value stands until then. */
  invalidate(isOutdated: (key: FactKey, scope: FactScope) => boolean): void {
    for (const slot of this.#slots.values()) {
      if (!isOutdated(slot.key, slot.scope)) continue;
      slot.fetching?.abort();
      delete slot.fetching;
      slot.isStale = true;
      this.#announce();
    }
  }

  /** Resolves when nothing is being fetched. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  dispose(): void {
    clearTimeout(this.#announcement);
    for (const slot of this.#slots.values()) slot.fetching?.abort();
    this.#slots.clear();
  }

  #read(key: FactKey, scope: FactScope): Slot["state"] {
    const name = slotName(key, scope);
    let slot = this.#slots.get(name);
    if (!slot) {
      slot = { key, scope, state: { state: "pending" }, isStale: true, expiresMs: Infinity };
      this.#slots.set(name, slot);
      evictOldest(this.#slots);
    }
    if (slot.isStale || (performance.now() > slot.expiresMs && !slot.fetching)) this.#fetch(slot);
    return slot.state;
  }

  #fetch(slot: Slot): void {
    const controller = new AbortController();
    slot.fetching = controller;
    slot.isStale = false;
    const startMs = performance.now();
    const run = fetchFact(this.#fetchers, slot, controller.signal).then((state) => {
      if (controller.signal.aborted) return;
      delete slot.fetching;
      slot.expiresMs = expiry(slot.key, startMs);
      const hasChanged = JSON.stringify(state) !== JSON.stringify(slot.state);
      slot.state = state;
      if (hasChanged) this.#announce();
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  #announce(): void {
    this.#announcement ??= setTimeout(() => {
      this.#announcement = undefined;
      this.#onChange();
    }, announceDelayMs);
  }
}

/** Not every editor tells of files that change, and none of those outside its folders: they are looked at again now and then, the dearer the more rarely. Engines tell of their images. */
function expiry({ kind }: FactKey, startMs: number): number {
  const now = performance.now();
  return kind === "contextFiles" ? now + Math.max(minContextAgeMs, (now - startMs) * contextAgeFactor) : Infinity;
}

const minContextAgeMs = 5_000;
// A context that takes a second to list is listed at most every fifty.
const contextAgeFactor = 50;

/** A fetcher that throws costs its own fact, which then says why. */
async function fetchFact(fetchers: FactFetchers, { key, scope }: Slot, signal: AbortSignal): Promise<FactState<FactTypes[FactKey["kind"]]>> {
  try {
    switch (key.kind) {
      case "baseImage":
        return await fetchers.baseImage(key, scope, signal);
      case "contextFiles":
        return await fetchers.contextFiles(key, scope, signal);
    }
  } catch (error) {
    return { state: "unavailable", reason: error instanceof Error ? error.message : String(error) };
  }
}

function slotName(key: FactKey, scope: FactScope): string {
  switch (key.kind) {
    case "baseImage":
      return JSON.stringify(key);
    case "contextFiles":
      return JSON.stringify([key, scope.contextRoot, scope.dockerfilePath]);
  }
}

function evictOldest(slots: Map<string, Slot>): void {
  for (const [name, slot] of slots) {
    if (slots.size <= maxSlots) return;
    slot.fetching?.abort();
    slots.delete(name);
  }
}
