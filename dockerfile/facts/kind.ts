import type { FactKey, FactKeyOf, FactKindName, FactState, FactTypes } from "./fact.ts";
import type { FactMachine } from "./machine.ts";
import type { FactScope } from "./scope.ts";

/**
 * One kind of fact, with everything that the store needs to know about it. Its key and value are a row of `FactTable`.
 */
export interface FactKind<Kind extends FactKindName> {
  readonly kind: Kind;
  /** The parts of the scope that distinguish facts with equal keys. */
  scopedBy(scope: FactScope): readonly unknown[];
  /** Does all IO of the kind. If it throws, the error becomes the reason why the fact is unavailable. */
  fetch(
    key: FactKeyOf<Kind>,
    scope: FactScope,
    machine: FactMachine,
    signal: AbortSignal,
  ): Promise<FactState<FactTypes[Kind]>>;
  /**
   * The time in milliseconds after which the fact is fetched again without a reported change, given the duration of the
   * fetch in milliseconds and its result. If absent, it never expires.
   */
  readonly lifetimeMs?: (fetchMs: number, state: FactState<FactTypes[Kind]>["state"]) => number;
  isOutdatedBy(change: FactChange, scope: FactScope): boolean;
  /**
   * For a fact that becomes outdated while being fetched: "restart" (default) drops that fetch, "finish" lets it end
   * and fetches again.
   */
  readonly whenOutdated?: "restart" | "finish";
  /** Set if facts of a file are dropped, and their fetches ended, once its latest reader no longer requests them. */
  readonly keepsOnlyRequested?: true;
  /** Completes the scope using another fact, or returns that fact's state until it is known. */
  narrow?(scope: FactScope, readLatest: ReadLatest): FactScope | FactState<never>;
}

/** Reads a fact; while it is pending, returns the value last known to the same owner. */
export type ReadLatest = <Key extends FactKey>(
  key: Key,
  scope: FactScope,
  owner: string,
) => FactState<FactTypes[Key["kind"]]>;

/** Every kind, by name. */
export type FactKinds = { readonly [Kind in FactKindName]: FactKind<Kind> };

/** An event that facts may depend on. */
export type FactChange =
  /** Files were created, changed or deleted on disk; absolute paths. */
  | { readonly kind: "files"; readonly paths: readonly string[] }
  /** The engine's images changed, or the engine appeared or disappeared. */
  | { readonly kind: "images" }
  | { readonly kind: "workspaceFolders" }
  /** Settings or trust changed: every fact is outdated. */
  | { readonly kind: "settings" };
