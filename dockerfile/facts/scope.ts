import { dirname, resolve } from "node:path";
import { candidateRoots, isInside } from "./candidateRoots.ts";
import { dockerfileOfIgnoreFile } from "./ignoreFileName.ts";

/**
 * The circumstances that a fact may depend on in addition to its key: the location of the Dockerfile and its build
 * context.
 */
export interface FactScope {
  /**
   * Absolute path of the build context; absent if the document isn't on disk, or if the context still has to be found.
   */
  readonly contextRoot?: string;
  /** True if the user specified `contextRoot`, rather than it being the likeliest folder. */
  readonly isContextNamed?: true;
  /**
   * Absolute paths of folders that may be the context, the likeliest first; the one that contains the sources of COPY
   * and ADD wins.
   */
  readonly candidateRoots?: readonly string[];
  /**
   * The sources of COPY and ADD, without patterns; only called if there are several candidates. Defaults to those of
   * the Dockerfile on disk.
   */
  readonly sources?: () => readonly string[];
  /** Absolute path of the Dockerfile, which determines its ignore file. */
  readonly dockerfilePath?: string;
  /** Absolute path of the workspace folder that contains the Dockerfile; a configuration above it isn't used. */
  readonly workspaceFolder?: string;
}

/** The workspace folders, and the folder that the settings name as build context; "" if none. */
export interface WorkspaceContext {
  readonly folders: readonly string[];
  readonly buildContext: string;
}

/**
 * The build context of a Dockerfile: the one in the settings, else its folder or one above it, whichever contains the
 * sources of COPY and ADD. If no sources are given, those of the file on disk are used.
 */
export function dockerfileScope(
  path: string,
  paths: (() => readonly string[]) | undefined,
  { folders, buildContext }: WorkspaceContext,
): FactScope {
  const folder = dirname(path);
  const around = folders.filter((candidate) => isInside(candidate, path)).toSorted((a, b) => a.length - b.length);
  // Of nested folders, the inner one: the setting may be its own.
  if (buildContext !== "")
    return { dockerfilePath: path, contextRoot: resolve(around.at(-1) ?? folder, buildContext), isContextNamed: true };
  // The outer one: a context can be above the inner one.
  const top = around[0] ?? folder;
  return {
    dockerfilePath: path,
    candidateRoots: candidateRoots(folder, top),
    ...(paths && { sources: paths }),
  };
}

/** The scope of the context in whose root an ignore file is, or of the Dockerfile it applies to. */
export function ignoreFileScope(path: string, workspace: WorkspaceContext): FactScope {
  const dockerfile = dockerfileOfIgnoreFile(path);
  return dockerfile === undefined ? { contextRoot: dirname(path) } : dockerfileScope(dockerfile, undefined, workspace);
}
