import type { FactState } from "./fact.ts";
import type { ReadLatest } from "./kind.ts";
import type { FactScope } from "./scope.ts";

/** Settles which folder is the build context: of several candidates it is chosen first, by the names that the Dockerfile has now; the last choice holds while the next is made. */
export function narrowToContext(
  { candidateRoots = [], sources, ...scope }: FactScope,
  readLatest: ReadLatest,
): FactScope | FactState<never> {
  const [only] = candidateRoots;
  if (scope.contextRoot !== undefined || only === undefined) return scope;
  if (candidateRoots.length === 1) return { ...scope, contextRoot: only };
  const choice = readLatest(
    { kind: "contextRoot", ...(sources && { sources: sources() }) },
    { ...scope, candidateRoots },
    scope.dockerfilePath ?? candidateRoots.join("\n"),
  );
  return choice.state === "known" ? { ...scope, contextRoot: choice.value.root } : choice;
}
