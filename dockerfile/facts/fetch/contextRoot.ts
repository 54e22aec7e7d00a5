import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { cleanSource } from "../../context/matchSource.ts";
import { contextPathsIn, literalPathsOf } from "../../context/contextPaths.ts";
import { scopesOf } from "../../syntax/expand/variables.ts";
import { parse } from "../../syntax/parse.ts";
import type { ContextRootFact, FactKey, FactState } from "../fact.ts";
import type { FactScope } from "../scope.ts";

// Beyond this number more sources aren't informative; each costs a disk access.
const maxSources = 100;
// Dockerfiles don't come close to this.
const maxDockerfileBytes = 2 * 1024 * 1024;

/**
 * Chooses the build context: the first candidate that has every source, else the one with the most, or the first of
 * equals.
 */
export async function fetchContextRoot(
  key: Extract<FactKey, { kind: "contextRoot" }>,
  { candidateRoots = [], dockerfilePath }: FactScope,
  signal: AbortSignal,
): Promise<FactState<ContextRootFact>> {
  const sources = (key.sources ?? (await sourcesOnDisk(dockerfilePath))).slice(0, maxSources);
  let best: { readonly root: string; readonly found: number } | undefined;
  for (const root of candidateRoots) {
    signal.throwIfAborted();
    const found = await countExisting(root, sources);
    if (!best || found > best.found) best = { root, found };
    if (found === sources.length) break;
  }
  return best
    ? { state: "known", value: { root: best.root } }
    : { state: "unavailable", reason: "no folder can be the build context" };
}

async function countExisting(root: string, sources: readonly string[]): Promise<number> {
  const found = await Promise.all(
    sources.map((source) =>
      lstat(join(root, cleanSource(source))).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.filter(Boolean).length;
}

async function sourcesOnDisk(dockerfilePath: string | undefined): Promise<readonly string[]> {
  if (dockerfilePath === undefined) return [];
  const read = await readBounded(dockerfilePath, { maxBytes: maxDockerfileBytes, links: "refused" });
  if (read.state !== "read") return [];
  const file = parse(read.bytes.toString("utf8"));
  return literalPathsOf(contextPathsIn(file, scopesOf(file)));
}
