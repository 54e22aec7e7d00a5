import { stat } from "node:fs/promises";
import { success, type Result } from "../core/error.ts";
import { openArchive, type Archive, type ArchiveOptions } from "./archive.ts";

/** Archives that stay open: the same one is asked for again and again, and a compressed one is dear to open. */
export interface Shelf {
  /** Acts on the archive at a path, which is opened anew where the file changed. */
  use<T>(path: string, signal: AbortSignal, act: (archive: Archive) => Promise<Result<T>>): Promise<Result<T>>;
  close(): Promise<void>;
}

export function createShelf(options: ArchiveOptions): Shelf {
  const shelved: Shelved = new Map();
  return {
    use: async (path, signal, act) => {
      const item = await take(shelved, path, { ...options, signal });
      if (!item.ok) return item;
      item.value.users++;
      try {
        return await act(item.value.archive);
      } finally {
        item.value.users--;
        if (item.value.isDiscarded && item.value.users === 0) await item.value.archive.close();
      }
    },
    close: async () => {
      for (const [path, item] of shelved) await discard(shelved, path, item);
    },
  };
}

type Shelved = Map<string, ShelvedArchive>;

interface ShelvedArchive {
  readonly archive: Archive;
  readonly identity: string;
  users: number;
  isDiscarded: boolean;
}

const maxOpen = 3; // Two to compare, one more; a compressed one takes its unpacked size on disk.

async function take(
  shelved: Shelved,
  path: string,
  options: ArchiveOptions & { readonly signal: AbortSignal },
): Promise<Result<ShelvedArchive>> {
  const identity = await identityOf(path);
  const known = shelved.get(path);
  if (known && known.identity === identity) return success(known);
  const opened = await openArchive(path, options, options.signal);
  if (!opened.ok) return opened;
  const item: ShelvedArchive = { archive: opened.value, identity, users: 0, isDiscarded: false };
  // Looked up again: another request may have opened it meanwhile.
  const old = shelved.get(path);
  if (old) await discard(shelved, path, old);
  shelved.set(path, item);
  for (const [otherPath, other] of shelved) if (shelved.size > maxOpen) await discard(shelved, otherPath, other);
  return success(item);
}

async function discard(shelved: Shelved, path: string, item: ShelvedArchive): Promise<void> {
  if (shelved.get(path) === item) shelved.delete(path);
  item.isDiscarded = true;
  if (item.users === 0) await item.archive.close();
}

/** Another file at the same path is another archive; folders change file by file, so they are looked at anew each time. */
async function identityOf(path: string): Promise<string> {
  try {
    const info = await stat(path);
    return info.isDirectory()
      ? `folder ${process.hrtime.bigint()}`
      : `${info.dev} ${info.ino} ${info.size} ${info.mtimeMs}`;
  } catch {
    // Opening it will say what is wrong.
    return "";
  }
}
