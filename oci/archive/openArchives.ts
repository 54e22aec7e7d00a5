import { stat } from "node:fs/promises";
import { success, type Result } from "../core/error.ts";
import { createSingleFlight } from "../source/singleFlight.ts";
import { openArchive, type Archive, type ArchiveOptions } from "./archive.ts";

/** Archives that stay open because they are used repeatedly and a compressed one takes long to open. */
export interface OpenArchives {
  /** Uses the archive at a path. It is opened again if the file has changed. */
  use<T>(path: string, signal: AbortSignal, act: (archive: Archive) => Promise<Result<T>>): Promise<Result<T>>;
  close(): Promise<void>;
}

export function keepArchivesOpen(options: ArchiveOptions): OpenArchives {
  const open: Open = new Map();
  const opening = createSingleFlight<Result<OpenArchive>>();
  return {
    use: async (path, signal, act) => {
      const identity = await identityOf(path);
      const key = `${identity} ${path}`;
      const item = await opening.run(
        key,
        (until) => take(open, { path, identity }, { ...options, signal: until }),
        signal,
      );
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
      for (const [path, item] of open) await discard(open, path, item);
    },
  };
}

type Open = Map<string, OpenArchive>;

interface OpenArchive {
  readonly archive: Archive;
  readonly identity: string;
  users: number;
  isDiscarded: boolean;
}

const maxOpen = 3; // Two to compare and one more. A compressed archive takes its unpacked size on disk.

async function take(
  open: Open,
  { path, identity }: { readonly path: string; readonly identity: string },
  options: ArchiveOptions & { readonly signal: AbortSignal },
): Promise<Result<OpenArchive>> {
  const known = open.get(path);
  if (known && known.identity === identity) return success(known);
  const opened = await openArchive(path, options, options.signal);
  if (!opened.ok) return opened;
  const item: OpenArchive = { archive: opened.value, identity, users: 0, isDiscarded: false };
  // Checked again: another request may have opened it meanwhile.
  const old = open.get(path);
  if (old) await discard(open, path, old);
  open.set(path, item);
  for (const [otherPath, other] of open) if (open.size > maxOpen) await discard(open, otherPath, other);
  return success(item);
}

async function discard(open: Open, path: string, item: OpenArchive): Promise<void> {
  if (open.get(path) === item) open.delete(path);
  item.isDiscarded = true;
  if (item.users === 0) await item.archive.close();
}

/**
 * The identity of the file at a path, which changes if the file is replaced. Folders change file by file, so they are
 * always read again.
 */
async function identityOf(path: string): Promise<string> {
  try {
    const info = await stat(path);
    return info.isDirectory()
      ? `folder ${process.hrtime.bigint()}`
      : `${info.dev} ${info.ino} ${info.size} ${info.mtimeMs}`;
  } catch {
    // Opening it will report the problem.
    return "";
  }
}
