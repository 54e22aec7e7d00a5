import type { FactKeyOf, FactKindName, FactState, FactTypes } from "../../../dockerfile/facts/fact.ts";
import type { FactKinds } from "../../../dockerfile/facts/kind.ts";
import { factKinds } from "../../../dockerfile/facts/kinds/index.ts";
import type { FactMachine, RegistryOpener } from "../../../dockerfile/facts/machine.ts";
import { noCache } from "../../../dockerfile/facts/fetch/apt/cache.ts";
import type { FactScope } from "../../../dockerfile/facts/scope.ts";
import { FactStore } from "../../../dockerfile/facts/store.ts";

/** The functions with which tests fetch facts instead of a kind's own IO. */
export type FactFetchers = {
  readonly [Kind in FactKindName]: (
    key: FactKeyOf<Kind>,
    scope: FactScope,
    signal: AbortSignal,
  ) => Promise<FactState<FactTypes[Kind]>>;
};

/** A machine without anything. */
export const bareMachine: FactMachine = {
  engine: { refusal: "no engine here" },
  registries: { refusal: "no registry here" },
  shellCheck: { refusal: "no ShellCheck here" },
  aptIndexes: { refusal: "no network here" },
  packageCache: noCache,
  configPlaces: { env: {}, homedir: "/nowhere" },
};

/** A store with the real kinds, of which only those in `fetchers` can be fetched. */
export function factStore(fetchers: Partial<FactFetchers>, onChange = (): void => undefined): FactStore {
  const kinds = Object.entries(factKinds).map(([name, kind]) => {
    const fetcher = Object.entries(fetchers).find(([fetched]) => fetched === name)?.[1];
    return [name, { ...kind, fetch: fetcher ? withoutMachine(fetcher) : notExpected }];
  });
  return new FactStore({ kinds: Object.fromEntries(kinds) as FactKinds, machine: () => bareMachine, onChange });
}

function withoutMachine(fetcher: (key: never, scope: FactScope, signal: AbortSignal) => Promise<unknown>) {
  return (key: never, scope: FactScope, _machine: FactMachine, signal: AbortSignal) => fetcher(key, scope, signal);
}

function notExpected(): Promise<never> {
  return Promise.reject(new Error("not expected here"));
}

/** A source of registry images that a test doesn't expect to be used. */
export const unusedRegistrySource: RegistryOpener["source"] = {
  image: notExpected,
  tarBytes: notExpected,
  imageFiles: notExpected,
  packageSizes: notExpected,
};
