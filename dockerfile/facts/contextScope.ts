import { dirname, resolve } from "node:path";
import { candidateRoots, isInside } from "./candidateRoots.ts";
import { dockerfileOfIgnoreFile } from "./ignoreFileName.ts";
import type { FactScope } from "./store.ts";

/** Where the workspace folders are, and the folder that the settings name as build context; "" for none. */
export interface Surroundings {
  readonly folders: readonly string[];
  readonly buildContext: string;
}

/** The build context of a Dockerfile: what the settings say, else its folder or one above it, whichever has the paths that COPY and ADD name; those of the file on disk if none are given. */
export function dockerfileScope(
  path: string,
  paths: (() => readonly string[]) | undefined,
  { folders, buildContext }: Surroundings,
): FactScope {
  const folder = dirname(path);
  const around = folders.filter((candidate) => isInside(candidate, path)).toSorted((a, b) => a.length - b.length);
  // Of folders inside each other the inner one: the setting may be its own.
  if (buildContext !== "")
    return { dockerfilePath: path, contextRoot: resolve(around.at(-1) ?? folder, buildContext), isContextNamed: true };
  // The outer one: a context can lie above the inner.
  const top = around[0] ?? folder;
  return {
    dockerfilePath: path,
    candidateRoots: candidateRoots(folder, top),
    ...(paths && { sources: paths }),
  };
}

/** The context whose root an ignore file is, or that of the Dockerfile it is for. */
export function ignoreFileScope(path: string, surroundings: Surroundings): FactScope {
  const dockerfile = dockerfileOfIgnoreFile(path);
  return dockerfile === undefined
    ? { contextRoot: dirname(path) }
    : dockerfileScope(dockerfile, undefined, surroundings);
}
