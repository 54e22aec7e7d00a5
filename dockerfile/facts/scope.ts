import { dirname, resolve } from "node:path";
import { candidateRoots, isInside } from "./candidateRoots.ts";
import { dockerfileOfIgnoreFile } from "./ignoreFileName.ts";

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

/** Where the workspace folders are, and the folder that the settings name as build context; "" for none. */
export interface WorkspaceContext {
  readonly folders: readonly string[];
  readonly buildContext: string;
}

/** The build context of a Dockerfile: what the settings say, else its folder or one above it, whichever has the paths that COPY and ADD name; those of the file on disk if none are given. */
export function dockerfileScope(
  path: string,
  paths: (() => readonly string[]) | undefined,
  { folders, buildContext }: WorkspaceContext,
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
export function ignoreFileScope(path: string, workspace: WorkspaceContext): FactScope {
  const dockerfile = dockerfileOfIgnoreFile(path);
  return dockerfile === undefined ? { contextRoot: dirname(path) } : dockerfileScope(dockerfile, undefined, workspace);
}
