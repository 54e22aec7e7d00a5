import { isAbsolute, join } from "node:path";
import type { Machine } from "./machine.ts";

/**
 * The folder that keeps layer contents between runs, shared by every window and the command line.
 * @see XDG Base Directory Specification
 */
export function layerCacheFolder(machine: Machine): string {
  return join(userCaches(machine), "imagewright", "layers");
}

/** The folder that keeps package indexes and the sizes of packages between runs. */
export function packageCacheFolder(machine: Machine): string {
  return join(userCaches(machine), "imagewright", "packages");
}

/** The folder that keeps V8's code of one version of the command line between runs. */
export function codeCacheFolder(machine: Machine, version: string): string {
  return join(userCaches(machine), "imagewright", "code", version);
}

function userCaches({ env, homedir, platform }: Machine): string {
  const { XDG_CACHE_HOME: xdg = "", LOCALAPPDATA: local = "" } = env;
  if (platform === "win32") return local === "" ? join(homedir, "AppData", "Local") : local;
  if (isAbsolute(xdg)) return xdg;
  return platform === "darwin" ? join(homedir, "Library", "Caches") : join(homedir, ".cache");
}
