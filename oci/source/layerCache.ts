import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { readBounded } from "../files/readBounded.ts";
import { replaceFile } from "../files/replaceFile.ts";
import { createLru } from "./lru.ts";

/** Layer contents by DiffID. They never change, so they never expire; they only make room. */
export interface LayerCache {
  get(diffId: DiffId): Promise<LayerContent | undefined>;
  set(diffId: DiffId, content: LayerContent): Promise<void>;
}

export interface CacheOptions {
  readonly memoryBytes?: number;
  /** Where contents outlive the process; memory only where absent. */
  readonly folder?: string;
  readonly diskBytes?: number;
}

const defaultMemoryBytes = 256 * 1024 ** 2; // About a million entries.
const defaultDiskBytes = 512 * 1024 ** 2; // About ten times as many, packed.

/** A cache in memory, and on disk where a folder is given. A full or broken disk only makes it forgetful. */
export function createLayerCache({
  memoryBytes = defaultMemoryBytes,
  folder,
  diskBytes = defaultDiskBytes,
}: CacheOptions = {}): LayerCache {
  const memory = createLru<DiffId, LayerContent>(memoryBytes, estimateBytes);
  const disk = folder === undefined ? undefined : createDisk(folder, diskBytes);
  return {
    get: async (diffId) => {
      const known = memory.get(diffId);
      if (known) return known;
      const stored = await disk?.get(diffId);
      if (stored) memory.set(diffId, stored);
      return stored;
    },
    set: async (diffId, content) => {
      memory.set(diffId, content);
      await disk?.set(diffId, content);
    },
  };
}

const entryBytes = 250; // An entry's object, numbers and hash without its path, measured as heap per entry on Node 24.

/** Heap that a content takes, roughly. */
function estimateBytes({ entries, whiteouts, opaqueDirectories }: LayerContent): number {
  let bytes = 1000;
  for (const entry of entries)
    bytes +=
      entryBytes +
      entry.path.length +
      (entry.linkTarget?.length ?? 0) +
      (entry.xattrs ? JSON.stringify(entry.xattrs).length : 0);
  for (const path of [...whiteouts, ...opaqueDirectories]) bytes += 50 + path.length;
  return bytes;
}

/** Names the shape of what is stored; another one is not read. */
const version = "2";
const suffix = `.layer${version}`;
// Of all that is fast only gzip has a checksum, by which a damaged file is noticed.
const pack = promisify<Buffer, { readonly level: number }, Buffer>(gzip);
const unpack = promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip);
const maxStoredBytes = 1024 ** 3; // Of one content, unpacked; a damaged file may claim anything.

function createDisk(folder: string, maxBytes: number): LayerCache {
  const place = (diffId: DiffId): string => join(folder, `${diffId.replace(":", "-")}${suffix}`);
  return {
    get: async (diffId) => {
      if (!(await isPrivate(folder))) return undefined;
      const path = place(diffId);
      const content = await readStored(path, diffId);
      // Marks it as used for the eviction of another day; a cache that can't be written still reads.
      if (content) await utimes(path, new Date(), new Date()).catch(() => undefined);
      return content;
    },
    set: async (diffId, content) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        if (!(await isPrivate(folder))) return;
        const record = await pack(serialize({ diffId, content }), { level: 1 });
        await replaceFile(place(diffId), Buffer.concat([checksumOf(record), record]), { mode: 0o600 });
        await evict(folder, maxBytes);
      } catch {
        // A full or read-only disk: what was read is read again next time.
      }
    },
  };
}

/** Whether only this user can write and read what is in the folder: another one could put contents there for this one to see. */
async function isPrivate(folder: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

function checksumOf(record: Uint8Array): Buffer {
  return createHash("sha256").update(record).digest();
}

const checksumBytes = 32;

/** A stored content; a file that isn't one is removed. */
async function readStored(path: string, diffId: DiffId): Promise<LayerContent | undefined> {
  const file = await readBounded(path, { maxBytes: maxStoredBytes, links: "refused" });
  if (file.state === "absent") return undefined;
  try {
    const bytes = file.state === "read" ? file.bytes : Buffer.alloc(0);
    const record = bytes.subarray(checksumBytes);
    // A single flipped bit can make another size or name that looks as good as the right one.
    const isWhole = checksumOf(record).equals(bytes.subarray(0, checksumBytes));
    const stored: unknown = isWhole && deserialize(await unpack(record, { maxOutputLength: maxStoredBytes }));
    if (isStored(stored, diffId)) return stored.content;
  } catch {
    // Damaged; it goes like one of another shape.
  }
  await rm(path, { force: true });
  return undefined;
}

function isStored(value: unknown, diffId: DiffId): value is { readonly content: LayerContent } {
  if (
    typeof value !== "object" ||
    value === null ||
    !("diffId" in value) ||
    value.diffId !== diffId ||
    !("content" in value)
  )
    return false;
  const { content } = value;
  return (
    typeof content === "object" &&
    content !== null &&
    "entries" in content &&
    Array.isArray(content.entries) &&
    "whiteouts" in content &&
    "opaqueDirectories" in content &&
    "contentBytes" in content
  );
}

const staleDraftMs = 60 * 60 * 1000; // A write takes seconds; what is older was left by a crash.

/** Removes the longest unused contents until the rest fits. */
async function evict(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names
      .filter((name) => name.includes(".layer"))
      .map(async (name) => ({ path: join(folder, name), ...(await statOf(join(folder, name))) })),
  );
  let total = 0;
  for (const { path, bytes, usedMs } of files.sort((a, b) => b.usedMs - a.usedMs)) {
    total += bytes;
    const isStale = !path.endsWith(suffix) && usedMs < Date.now() - staleDraftMs;
    if (total > maxBytes || isStale) await rm(path, { force: true });
  }
}

async function statOf(path: string): Promise<{ readonly bytes: number; readonly usedMs: number }> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, usedMs: mtimeMs };
  } catch {
    // Another process evicted it meanwhile.
    return { bytes: 0, usedMs: 0 };
  }
}
