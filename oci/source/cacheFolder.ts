import { isAbsolute, join } from "node:path";
import type { Machine } from "./machine.ts";

/** Where layer contents are kept between runs, one place for every window and the command line. @see XDG Base Directory Specification */
export function layerCacheFolder(machine: Machine): string {
  return join(userCaches(machine), "imagewright", "layers");
}

/** Where package indexes and the sizes of packages are kept between runs. */
export function packageCacheFolder(machine: Machine): string {
  return join(userCaches(machine), "imagewright", "packages");
}

function userCaches({ env, homedir, platform }: Machine): string {
  const { XDG_CACHE_HOME: xdg = "", LOCALAPPDATA: local = "" } = env;
  if (platform === "win32") return local === "" ? join(homedir, "AppData", "Local") : local;
  if (isAbsolute(xdg)) return xdg;
  return platform === "darwin" ? join(homedir, "Library", "Caches") : join(homedir, ".cache");
}
