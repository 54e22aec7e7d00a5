import { access, constants, stat } from "node:fs/promises";
import { posix, win32 } from "node:path";

declare const program: unique symbol;

/** The absolute path of a file that was checked to be a program. Only such a path can be started. */
export type ProgramPath = string & { readonly [program]: true };

export interface ProgramSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Searched after the PATH, which is short in an editor started from a desktop. */
  readonly usualFolders?: readonly string[];
  /** Defaults to this process's. */
  readonly platform?: NodeJS.Platform;
}

/** Finds a program by name. Relative folders in the PATH are skipped: they may be an untrusted workspace. */
export async function findProgram(name: string, search: ProgramSearch): Promise<ProgramPath | undefined> {
  for (const path of programCandidates(name, search)) if (await isProgram(path)) return path as ProgramPath;
  return undefined;
}

/** The program at a path from a setting; undefined if the path is relative or isn't a program. */
export async function programAt(path: string): Promise<ProgramPath | undefined> {
  const isUsable = isAbsolute(path, process.platform) && (await isProgram(path));
  return isUsable ? (path as ProgramPath) : undefined;
}

/** The paths to check for a program, in order. */
export function programCandidates(
  name: string,
  { env, usualFolders = [], platform = process.platform }: ProgramSearch,
): readonly string[] {
  const { delimiter, join } = platform === "win32" ? win32 : posix;
  const folders = [...pathOf(env, platform).split(delimiter), ...usualFolders];
  const names = platform === "win32" ? extensions(env).map((extension) => name + extension) : [name];
  return folders
    .filter((folder) => isAbsolute(folder, platform))
    .flatMap((folder) => names.map((file) => join(folder, file)));
}

/** The PATH. A copy of a Windows environment is case-sensitive, and Windows itself writes `Path`. */
function pathOf(env: ProgramSearch["env"], platform: NodeJS.Platform): string {
  if (platform !== "win32") return env["PATH"] ?? "";
  return Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
}

/** True for an absolute path. On Windows a path without a drive depends on the current one. */
function isAbsolute(path: string, platform: NodeJS.Platform): boolean {
  return platform === "win32" ? /^(?:[a-z]:[\\/]|\\\\)/i.test(path) : posix.isAbsolute(path);
}

/** Extensions that Windows can start without a shell; others in PATHEXT, such as .bat and .cmd, need one. */
const startable: ReadonlySet<string> = new Set([".com", ".exe"]);

function extensions(env: ProgramSearch["env"]): readonly string[] {
  const named = (env["PATHEXT"] ?? "").toLowerCase().split(";");
  const usable = named.filter((extension) => startable.has(extension));
  return usable.length === 0 ? [".exe"] : usable;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // It doesn't exist, or this user can't run it.
    return false;
  }
}
