import { createLru } from "../../oci/source/lru.ts";
import { monotonicMs } from "./clock.ts";
import type { FactKey, FactKeyOf, FactKindName, Facts, FactState, FactTypes } from "./fact.ts";
import type { FactChange, FactKind, FactKinds, ReadLatest } from "./kind.ts";
import type { FactMachine } from "./machine.ts";
import type { FactScope } from "./scope.ts";

export interface FactStoreOptions {
  readonly kinds: FactKinds;
  /** Called for each fetch; a replaced machine is thus no longer used. */
  readonly machine: () => FactMachine | Promise<FactMachine>;
  /** Called once after facts changed, debounced. */
  readonly onChange: () => void;
}

type AnyState = FactState<FactTypes[FactKindName]>;

interface Slot {
  readonly key: FactKey;
  readonly scope: PlainScope;
  /** The last result; kept while a newer one is fetched, which avoids flickering hints. */
  state: AnyState;
  isStale: boolean;
  /**
   * The time at which it is fetched again even if not reported as outdated, in milliseconds as of monotonicMs().
   */
  expiresMs: number;
  fetching?: AbortController;
  /** Resolves when the last fetch ends. */
  run?: Promise<void>;
}

/** A scope without a reference to the text of a document: a slot outlives many versions of it. */
type PlainScope = Omit<FactScope, "sources">;

// Changes within this time are announced together: a burst of arriving facts refreshes the editor once.
const announceDelayMs = 30;
// Beyond this number the least recently requested facts are dropped. A workspace has far fewer base images and
// contexts, plus the scripts of some large Dockerfiles.
const maxSlots = 2000;
// Facts of one Dockerfile; the longest have some dozen stages and some hundred RUNs. Well below maxSlots: a file that
// requests more facts than are kept would drop, fetch and announce its own endlessly.
const maxRequested = 500;

/**
 * A store of facts that are read immediately and fetched in the background: reading never waits, and arriving facts are
 * announced once.
 */
export class FactStore {
  readonly #slots = createLru<string, Slot>(
    maxSlots,
    () => 1,
    ({ fetching }) => fetching?.abort(),
  );
  readonly #running = new Set<Promise<void>>();
  /** The value last known to an owner, by kind and owner; used while the next is fetched. */
  readonly #latest = new Map<string, AnyState>();
  readonly #options: FactStoreOptions;
  #announcement: NodeJS.Timeout | undefined;

  constructor(options: FactStoreOptions) {
    this.#options = options;
  }

  /** The facts as seen by one Dockerfile. */
  view(scope: FactScope): Facts {
    const requested = new Set<string>();
    const tidied = new Set<FactKindName>();
    const read = (key: FactKey): AnyState => {
      const name = this.#slotName(key, scope);
      if (!requested.has(name) && requested.size >= maxRequested)
        return {
          state: "unavailable",
          reason: `this file needs more than the ${maxRequested} lookups that one file gets`,
        };
      requested.add(name);
      const kind = this.#options.kinds[key.kind];
      if (kind.keepsOnlyRequested && !tidied.has(kind.kind)) {
        tidied.add(kind.kind);
        // Rules run synchronously: all their requests are known by the next turn.
        setImmediate(() => this.#dropUnrequested(kind.kind, scope, requested));
      }
      const narrowed = kind.narrow?.(scope, this.#readLatest) ?? scope;
      return "state" in narrowed ? narrowed : this.#read(key, narrowed);
    };
    // The slot's name contains the kind, so the state has that kind's type.
    return { get: (key) => read(key) as FactState<never> };
  }

  /** Resolves once a fact is known or unavailable, or after `maxMs`. */
  async waitFor(key: FactKey, scope: FactScope, maxMs: number): Promise<void> {
    if (this.#read(key, scope).state !== "pending") return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, maxMs)));
    await Promise.race([late, this.#slots.get(this.#slotName(key, scope))?.run]);
    clearTimeout(timer);
  }

  /**
   * Marks the facts that a change outdates; they are fetched again when next read, and the old value is used until
   * then.
   */
  invalidate(change: FactChange): void {
    for (const [, slot] of this.#slots.entries()) {
      const kind = this.#options.kinds[slot.key.kind];
      // Marked facts have already been announced; a folder with constant changes must not make the editor refresh
      // constantly.
      if (slot.isStale || !(change.kind === "settings" || kind.isOutdatedBy(change, slot.scope))) continue;
      slot.isStale = true;
      if (kind.whenOutdated !== "finish") {
        slot.fetching?.abort();
        delete slot.fetching;
      }
      this.#announce();
    }
  }

  /** Drops the facts that belong only to one Dockerfile, which was closed. */
  forget(dockerfilePath: string): void {
    for (const [name, { key, scope, fetching }] of this.#slots.entries()) {
      if (!this.#options.kinds[key.kind].scopedBy(scope).includes(dockerfilePath)) continue;
      fetching?.abort();
      this.#slots.delete(name);
    }
    for (const kind of Object.keys(this.#options.kinds)) this.#latest.delete(latestName(kind, dockerfilePath));
  }

  /** Resolves when nothing is being fetched. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  dispose(): void {
    clearTimeout(this.#announcement);
    for (const [name, { fetching }] of this.#slots.entries()) {
      fetching?.abort();
      this.#slots.delete(name);
    }
  }

  #read(key: FactKey, { sources: _, ...scope }: FactScope): AnyState {
    const name = this.#slotName(key, scope);
    const slot = this.#slots.get(name) ?? {
      key,
      scope,
      state: { state: "pending" },
      isStale: true,
      expiresMs: Infinity,
    };
    this.#slots.set(name, slot);
    if (!slot.fetching && (slot.isStale || monotonicMs() > slot.expiresMs)) this.#fetch(slot);
    return slot.state;
  }

  readonly #readLatest: ReadLatest = <Key extends FactKey>(key: Key, scope: FactScope, owner: string) => {
    const name = latestName(key.kind, owner);
    const state = this.#read(key, scope);
    if (state.state === "known") this.#latest.set(name, state);
    const latest = state.state === "pending" ? (this.#latest.get(name) ?? state) : state;
    // The name contains the kind, as a slot's does.
    return latest as FactState<FactTypes[Key["kind"]]>;
  };

  /** Drops a file's facts of a kind that its latest reader didn't request, and ends their fetches. */
  #dropUnrequested(kind: FactKindName, { dockerfilePath }: FactScope, requested: ReadonlySet<string>): void {
    if (dockerfilePath === undefined) return;
    for (const [name, { key, scope, fetching }] of this.#slots.entries()) {
      if (key.kind !== kind || scope.dockerfilePath !== dockerfilePath || requested.has(name)) continue;
      fetching?.abort();
      this.#slots.delete(name);
    }
  }

  #fetch(slot: Slot): void {
    const controller = new AbortController();
    slot.fetching = controller;
    slot.isStale = false;
    const startMs = monotonicMs();
    const run = this.#fetchFact(slot, controller.signal).then((state) => {
      if (controller.signal.aborted) return;
      delete slot.fetching;
      const now = monotonicMs();
      slot.expiresMs = now + (this.#options.kinds[slot.key.kind].lifetimeMs?.(now - startMs, state.state) ?? Infinity);
      const hasChanged = !isSame(state, slot.state);
      // An equal value stays the same object, which keeps the results remembered with it.
      if (hasChanged) slot.state = this.#shared(slot, state);
      if (hasChanged || slot.isStale) this.#announce();
    });
    slot.run = run;
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** The state of another slot if it is equal: hundreds of Dockerfiles may share one build context. */
  #shared({ key }: Slot, state: AnyState): AnyState {
    for (const [, other] of this.#slots.entries())
      if (other.key.kind === key.kind && isSame(other.state, state)) return other.state;
    return state;
  }

  /** Fetches a fact. An exception affects only that fact, which then states the reason. */
  async #fetchFact({ key, scope }: Slot, signal: AbortSignal): Promise<AnyState> {
    try {
      return await fetchBy(this.#options, key, scope, signal);
    } catch (error) {
      return { state: "unavailable", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  #slotName(key: FactKey, scope: FactScope): string {
    return JSON.stringify([key, ...this.#options.kinds[key.kind].scopedBy(scope)]);
  }

  #announce(): void {
    this.#announcement ??= setTimeout(() => {
      this.#announcement = undefined;
      this.#options.onChange();
    }, announceDelayMs);
  }
}

/** Generic, which lets the compiler see that key and kind belong together. */
async function fetchBy<Kind extends FactKindName>(
  { kinds, machine }: FactStoreOptions,
  key: FactKeyOf<Kind>,
  scope: FactScope,
  signal: AbortSignal,
): Promise<FactState<FactTypes[Kind]>> {
  const kind: FactKind<Kind> = kinds[key.kind];
  const given = machine();
  // Waits only if necessary: a fetch that can start now has started when the reader returns.
  return kind.fetch(key, scope, given instanceof Promise ? await given : given, signal);
}

function latestName(kind: string, owner: string): string {
  return JSON.stringify([kind, owner]);
}

/**
 * True for plain data with the same content, apart from the attached memory. Contexts have many files: they aren't
 * serialized.
 */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b || typeof a === "function") return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Map || a instanceof Set) return (b instanceof Map || b instanceof Set) && isSame([...a], [...b]);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
}
