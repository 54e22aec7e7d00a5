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
  fetching?: AbortController;
}

/** Facts read at once and fetched behind: reading never waits, and what arrives is announced once. */
export interface FactStore {
  /** The facts as one Dockerfile sees them. */
  view(scope: FactScope): Facts;
  /** Marks facts as outdated; they are fetched again when next read, and the old value stands until then. */
  invalidate(isOutdated: (key: FactKey, scope: FactScope) => boolean): void;
  /** Resolves when nothing is being fetched. */
  settled(): Promise<void>;
  dispose(): void;
}

// Announcements that come within this time are one: a burst of arriving facts is one refresh of the editor.
const announceDelayMs = 30;
// Oldest facts are dropped beyond this; a workspace has far fewer base images and contexts.
const maxSlots = 500;

/** `onChange` is called once after facts changed, debounced. */
export function createFactStore(fetchers: FactFetchers, onChange: () => void): FactStore {
  const slots = new Map<string, Slot>();
  const running = new Set<Promise<void>>();
  let announcement: NodeJS.Timeout | undefined;

  const announce = () => {
    announcement ??= setTimeout(() => {
      announcement = undefined;
      onChange();
    }, announceDelayMs);
  };

  const fetchSlot = (slot: Slot) => {
    const controller = new AbortController();
    slot.fetching = controller;
    slot.isStale = false;
    const run = fetchFact(fetchers, slot, controller.signal).then((state) => {
      if (controller.signal.aborted) return;
      delete slot.fetching;
      const hasChanged = JSON.stringify(state) !== JSON.stringify(slot.state);
      slot.state = state;
      if (hasChanged) announce();
    });
    running.add(run);
    void run.finally(() => running.delete(run));
  };

  const read = (key: FactKey, scope: FactScope) => {
    const name = slotName(key, scope);
    let slot = slots.get(name);
    if (!slot) {
      slot = { key, scope, state: { state: "pending" }, isStale: true };
      slots.set(name, slot);
      evictOldest(slots);
    }
    if (slot.isStale && !slot.fetching) fetchSlot(slot);
    return slot.state;
  };

  return {
    // The slot's name contains the kind, so the state read is of that kind's type.
    view: (scope) => ({ get: (key) => read(key, scope) as FactState<never> }),
    invalidate(isOutdated) {
      let any = false;
      for (const slot of slots.values()) {
        if (!isOutdated(slot.key, slot.scope)) continue;
        slot.fetching?.abort();
        delete slot.fetching;
        slot.isStale = true;
        any = true;
      }
      if (any) announce();
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
    dispose() {
      clearTimeout(announcement);
      for (const slot of slots.values()) slot.fetching?.abort();
      slots.clear();
    },
  };
}

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
