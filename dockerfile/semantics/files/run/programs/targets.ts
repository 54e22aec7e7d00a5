import { find, type Machine } from "../machine.ts";
import type { Options } from "./options.ts";
import type { Unfollowed } from "./program.ts";

/** The target of each source of cp, mv, ln or install. */
export interface Targets {
  readonly pairs: readonly { readonly source: string; readonly path: string }[];
}

/** Reads `A B`, `A… FOLDER` or `-t FOLDER A…`. With `isPath` the last word isn't a folder, whatever exists there. */
export function targetsOf(machine: Machine, { operands, values }: Options, isPath: boolean): Targets | Unfollowed {
  const given = values.get("t");
  const last = given ?? operands.at(-1) ?? ".";
  const sources = given === undefined ? operands.slice(0, -1) : operands;
  if (isPath && sources.length > 1) return { pairs: [] };
  const into = given !== undefined || sources.length > 1 || last.endsWith("/.") || last === ".";
  const isFolder = isPath ? false : into || folderAt(machine, last);
  if (typeof isFolder !== "boolean") return isFolder;
  return { pairs: sources.map((source) => ({ source, path: isFolder ? `${last}/${lastName(source)}` : last })) };
}

/** Folders that every image with a shell has. */
const usualFolders: ReadonlySet<string> = new Set(
  "/ /bin /etc /home /lib /opt /root /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/sbin /usr/share /var /var/lib /var/log".split(
    " ",
  ),
);

function folderAt(machine: Machine, path: string): boolean | Unfollowed {
  const found = find(machine, path);
  if (found.state === "found") return found.node.kind === "directory";
  if (found.state !== "unknown") return false;
  if (usualFolders.has(found.path)) return true;
  return looksLikeFile(found.path) ? false : { unfollowed: found.reason };
}

/** True for `nginx.conf` and `.env`, but not for `conf.d`. */
function looksLikeFile(path: string): boolean {
  return /\.[^/.]+$/.test(path) && !path.endsWith(".d");
}

/** The last name; `.` for `a/.`, which puts the folder's content directly into the target. */
function lastName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}
