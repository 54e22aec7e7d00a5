import { opendir } from "node:fs/promises";
import { join } from "node:path";

/** Folders of downloaded rather than authored files. */
const passedOver: ReadonlySet<string> = new Set(["node_modules", ".git", ".venv", "__pycache__"]);

// Beyond that a folder is more than a workspace with Dockerfiles: a home folder, or a whole disk.
const maxEntries = 200_000;

/**
 * The absolute paths of the wanted files in a folder and those below it, at most `limit`. Links are not followed: they
 * could lead out of the workspace. Folders that can't be read are left out.
 */
export async function filesBelow(
  root: string,
  isWanted: (path: string) => boolean,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const opened = await opendir(folder, { bufferSize: 256 }).catch(() => undefined);
    for await (const entry of opened ?? []) {
      signal.throwIfAborted();
      if (++entries > maxEntries || found.length >= limit) return found;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !passedOver.has(entry.name)) folders.push(path);
      else if (entry.isFile() && isWanted(path)) found.push(path);
    }
  }
  return found;
}
