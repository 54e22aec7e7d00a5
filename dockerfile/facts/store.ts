import type { ContextRootFact, FactKey, Facts, FactState, FactTypes } from "./fact.ts";

/** What a fact may depend on beside its key: where the Dockerfile and its build context are. */
export interface FactScope {
  /** Absolute path of the build context; absent where the document is on no disk, or where it has to be found out. */
  readonly contextRoot?: string;
  /** The user says that `contextRoot` is the context: it is not only the likeliest folder. */
  readonly isContextNamed?: true;
  /** Absolute paths of folders that may be the context, the likeliest first; those in which what COPY and ADD name is there wins. */
  readonly candidateRoots?: readonly string[];
  /** What COPY and ADD name, without patterns; only called where there are several candidates. Absent: as the Dockerfile on disk has it. */
  readonly sources?: () => readonly string[];
  /** Absolute path of the Dockerfile, which decides its ignore file. */
  readonly dockerfilePath?: string;
  /** Absolute path of the workspace folder that the Dockerfile is in; a configuration is not looked for above it. */
  readonly workspaceFolder?: string;
}

type Fetcher<Kind extends FactKey["kind"]> = (
  key: Extract<FactKey, { kind: Kind }>,
  scope: FactScope,
  signal: AbortSignal,
) => Promise<FactState<FactTypes[Kind]>>;

/** How each kind of fact is fetched; all IO is in here. */
export type FactFetchers = { readonly [Kind in FactKey["kind"]]: Fetcher<Kind> };

type AnyState = FactState<FactTypes[FactKey["kind"]]>;

interface Slot {
  readonly key: FactKey;
  readonly scope: FactScope;
  /** The last answer; kept while a newer one is fetched, so that hints don't flicker. */
  state: AnyState;
  isStale: boolean;
  /** When it is fetched again though nobody said that it is outdated; milliseconds as of performance.now(). */
  expiresMs: number;
  fetching?: AbortController;
  /** The last fetching's end. */
  run?: Promise<void>;
}

// Announcements that come within this time are one: a burst of arriving facts is one refresh of the editor.
const announceDelayMs = 30;
// What was not asked for the longest is dropped beyond this; a workspace has far fewer base images and contexts, and the scripts of some large Dockerfiles.
const maxSlots = 2000;
// Facts of one Dockerfile; the longest have some dozen stages and some hundred RUNs. Well below maxSlots: one that asks for more than are kept would drop, fetch and announce its own without end.
const maxAsked = 500;

/** Facts read at once and fetched behind: reading never waits, and what arrives is announced once. */
export class FactStore {
  readonly #slots = new Map<string, Slot>();
  readonly #running = new Set<Promise<void>>();
  /** The context last chosen for a Dockerfile, by its path: stands while the next choice is on its way. */
  readonly #chosenRoots = new Map<string, string>();
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
    const asked = new Set<string>();
    const scripts = new Set<string>();
    const read = (key: FactKey): AnyState => {
      const name = slotName(key, scope);
      if (!asked.has(name) && asked.size >= maxAsked)
        return {
          state: "unavailable",
          reason: `this file asks for more than the ${maxAsked} things that are looked up for one`,
        };
      asked.add(name);
      if (key.kind === "contextFiles") return this.#readContext(key, scope);
      return key.kind === "shellCheck" ? this.#readScript(key, scope, scripts) : this.#read(key, scope);
    };
    // The slot's name contains the kind, so the state read is of that kind's type.
    return { get: (key) => read(key) as FactState<never> };
  }

  /** Resolves once a fact is there or can't be had, after `maxMs` in any case. */
  async arrival(key: FactKey, scope: FactScope, maxMs: number): Promise<void> {
    if (this.#read(key, scope).state !== "pending") return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, maxMs)));
    await Promise.race([late, this.#slots.get(slotName(key, scope))?.run]);
    clearTimeout(timer);
  }

  /** Marks facts as outdated; they are fetched again when next read, and the old value stands until then. */
  invalidate(isOutdated: (key: FactKey, scope: FactScope) => boolean): void {
    for (const slot of this.#slots.values()) {
      // What is already marked has been announced; a folder that is written to all day must not have the editor ask all day.
      if (slot.isStale || !isOutdated(slot.key, slot.scope)) continue;
      slot.isStale = true;
      // Files that change without end must not keep a list of them from ever being made: what is under way is finished first, then made anew.
      if (slot.key.kind !== "contextFiles") {
        slot.fetching?.abort();
        delete slot.fetching;
      }
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

  #read(key: FactKey, scope: FactScope): AnyState {
    const name = slotName(key, scope);
    const slot = this.#slots.get(name) ?? {
      key,
      scope,
      state: { state: "pending" },
      isStale: true,
      expiresMs: Infinity,
    };
    this.#slots.delete(name);
    this.#slots.set(name, slot);
    evictOldest(this.#slots);
    if (!slot.fetching && (slot.isStale || performance.now() > slot.expiresMs)) this.#fetch(slot);
    return slot.state;
  }

  /** Of several candidates the root is found out first, from the names that the Dockerfile has now. */
  #readContext(key: FactKey, { candidateRoots = [], sources, ...scope }: FactScope): AnyState {
    if (scope.contextRoot !== undefined || candidateRoots.length === 0) return this.#read(key, scope);
    const [only] = candidateRoots;
    if (only !== undefined && candidateRoots.length === 1) return this.#read(key, { ...scope, contextRoot: only });
    const choice = this.#read(
      { kind: "contextRoot", ...(sources && { sources: sources() }) },
      { ...scope, candidateRoots },
    ) as FactState<ContextRootFact>;
    if (choice.state === "unavailable") return choice;
    const name = scope.dockerfilePath ?? candidateRoots.join("\n");
    if (choice.state === "known") this.#chosenRoots.set(name, choice.value.root);
    const root = this.#chosenRoots.get(name);
    return root === undefined ? choice : this.#read(key, { ...scope, contextRoot: root });
  }

  /** A script that is typed is another one at each keystroke: those that the latest look at the file did not ask for are dropped, and their checking ends. */
  #readScript(key: FactKey, scope: FactScope, asked: Set<string>): AnyState {
    const { dockerfilePath } = scope;
    // Rules run in one go: by then all that they ask for is known.
    if (asked.size === 0 && dockerfilePath !== undefined)
      setImmediate(() =>
        this.#dropScripts((name, slot) => slot.scope.dockerfilePath === dockerfilePath && !asked.has(name)),
      );
    asked.add(slotName(key, scope));
    return this.#read(key, scope);
  }

  #dropScripts(isUnasked: (name: string, slot: Slot) => boolean): void {
    for (const [name, slot] of this.#slots) {
      if (slot.key.kind !== "shellCheck" || !isUnasked(name, slot)) continue;
      slot.fetching?.abort();
      this.#slots.delete(name);
    }
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
      const hasChanged = !isSame(state, slot.state);
      // What is the same stays the same object: what was worked out on it is remembered by it.
      if (hasChanged) slot.state = state;
      if (hasChanged || slot.isStale) this.#announce();
    });
    slot.run = run;
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
  return kind === "contextFiles" || kind === "contextRoot" || kind === "lintConfigFile"
    ? now + Math.max(minContextAgeMs, (now - startMs) * contextAgeFactor)
    : Infinity;
}

const minContextAgeMs = 5_000;
// A context that takes a second to list is listed at most every fifty.
const contextAgeFactor = 50;

/** A fetcher that throws costs its own fact, which then says why. */
async function fetchFact(fetchers: FactFetchers, { key, scope }: Slot, signal: AbortSignal): Promise<AnyState> {
  try {
    switch (key.kind) {
      case "baseImage":
        return await fetchers.baseImage(key, scope, signal);
      case "contextFiles":
        return await fetchers.contextFiles(key, scope, signal);
      case "contextRoot":
        return await fetchers.contextRoot(key, scope, signal);
      case "shellCheck":
        return await fetchers.shellCheck(key, scope, signal);
      case "lintConfigFile":
        return await fetchers.lintConfigFile(key, scope, signal);
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
    case "contextRoot":
      return JSON.stringify([key, scope.candidateRoots, scope.dockerfilePath]);
    // Each file has its own, so that what one no longer asks for can be ended.
    case "shellCheck":
      return JSON.stringify([key, scope.dockerfilePath]);
    case "lintConfigFile":
      return JSON.stringify([key, scope.dockerfilePath, scope.workspaceFolder]);
  }
}

/** Plain data of the same content. Contexts have many files: no text is made of them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
}

function evictOldest(slots: Map<string, Slot>): void {
  for (const [name, slot] of slots) {
    if (slots.size <= maxSlots) return;
    slot.fetching?.abort();
    slots.delete(name);
  }
}
