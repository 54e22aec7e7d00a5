import type { FactKey, FactKeyOf, FactKindName, FactState, FactTypes } from "./fact.ts";
import type { FactMachine } from "./machine.ts";
import type { FactScope } from "./scope.ts";

/** One kind of fact: all that the store has to know about it. Its key and value are a row of `FactTable`. */
export interface FactKind<Kind extends FactKindName> {
  readonly kind: Kind;
  /** The parts of the scope that tell facts of equal keys apart. */
  scopedBy(scope: FactScope): readonly unknown[];
  /** Does all the IO of the kind. What it throws becomes the reason why the fact is unavailable. */
  fetch(
    key: FactKeyOf<Kind>,
    scope: FactScope,
    machine: FactMachine,
    signal: AbortSignal,
  ): Promise<FactState<FactTypes[Kind]>>;
  /** Milliseconds after which the fact is fetched again though no change was reported, by the milliseconds that fetching took and by what came of it. Absent: never. */
  readonly lifetimeMs?: (fetchMs: number, state: FactState<FactTypes[Kind]>["state"]) => number;
  isOutdatedBy(change: FactChange, scope: FactScope): boolean;
  /** A fact that is outdated while it is being fetched: "restart" (default) drops that fetch, "finish" lets it end and fetches again. */
  readonly whenOutdated?: "restart" | "finish";
  /** Set if a file's facts that its latest reader did not request are dropped, and their fetches end. */
  readonly keepsOnlyRequested?: true;
  /** Completes the scope by another fact, or returns that fact's state as long as it is not known. */
  narrow?(scope: FactScope, readLatest: ReadLatest): FactScope | FactState<never>;
}

/** Reads a fact; while it is pending, the last one known to the same owner is returned in its place. */
export type ReadLatest = <Key extends FactKey>(
  key: Key,
  scope: FactScope,
  owner: string,
) => FactState<FactTypes[Key["kind"]]>;

/** Every kind by its name. */
export type FactKinds = { readonly [Kind in FactKindName]: FactKind<Kind> };

/** Something happened that facts may depend on. */
export type FactChange =
  /** Files were created, changed or deleted on disk; absolute paths. */
  | { readonly kind: "files"; readonly paths: readonly string[] }
  /** The engine's images changed, or the engine came or went. */
  | { readonly kind: "images" }
  | { readonly kind: "workspaceFolders" }
  /** Settings or trust: every fact is outdated. */
  | { readonly kind: "settings" };
