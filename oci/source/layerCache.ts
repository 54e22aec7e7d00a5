import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { isPrivateFolder } from "../files/privateFolder.ts";
import { readBounded } from "../files/readBounded.ts";
import { replaceFile } from "../files/replaceFile.ts";
import { createLru } from "./lru.ts";
import { packContent, sizeInMemory, unpackContent } from "./packedContent.ts";

/** Layer contents by DiffID. They never change, so they never expire and are only evicted for space. */
export interface LayerCache {
  get(diffId: DiffId): Promise<LayerContent | undefined>;
  set(diffId: DiffId, content: LayerContent): Promise<void>;
}

export interface CacheOptions {
  readonly memoryBytes?: number;
  /** The folder where contents outlive the process; in memory only if absent. */
  readonly folder?: string;
  readonly diskBytes?: number;
}

const defaultMemoryBytes = 128 * 1024 ** 2; // More than a million entries.
const defaultDiskBytes = 512 * 1024 ** 2; // Some five million entries.

/** A cache in memory, and on disk if a folder is given. A full or broken disk degrades to no caching. */
export function createLayerCache({
  memoryBytes = defaultMemoryBytes,
  folder,
  diskBytes = defaultDiskBytes,
}: CacheOptions = {}): LayerCache {
  const memory = createLru<DiffId, LayerContent>(memoryBytes, sizeInMemory);
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

/** The version of the stored format; other versions aren't read. */
const version = "4";
const suffix = `.layer${version}`;
const maxStoredBytes = 1024 ** 3; // For one content; a damaged file may claim any size.

function createDisk(folder: string, maxBytes: number): LayerCache {
  const place = (diffId: DiffId): string => join(folder, `${diffId.replace(":", "-")}${suffix}`);
  return {
    get: async (diffId) => {
      if (!(await isPrivateFolder(folder))) return undefined;
      const path = place(diffId);
      const content = await readStored(path, diffId);
      // Marks it as used, for later eviction. A cache that can't be written can still be read.
      if (content) await utimes(path, new Date(), new Date()).catch(() => undefined);
      return content;
    },
    set: async (diffId, content) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        if (!(await isPrivateFolder(folder))) return;
        const packed = packContent(content);
        // Written in two parts, since joining them would take the content's memory once more.
        const write = async (file: FileHandle): Promise<boolean> => {
          await file.writeFile(checksumOf(diffId, packed));
          await file.writeFile(packed);
          return true;
        };
        await replaceFile(place(diffId), write, { mode: 0o600, sync: "none" });
        await evict(folder, maxBytes);
      } catch {
        // The disk is full or read-only: the layer will be read again next time.
      }
    },
  };
}

/** A checksum of the content and its DiffID: a file under another name is invalid. */
function checksumOf(diffId: DiffId, packed: Uint8Array): Buffer {
  return createHash("sha256").update(diffId).update(packed).digest();
}

const checksumBytes = 32;

/** Reads a stored content; an invalid file is removed. */
async function readStored(path: string, diffId: DiffId): Promise<LayerContent | undefined> {
  const file = await readBounded(path, { maxBytes: maxStoredBytes, links: "refused" });
  if (file.state === "absent") return undefined;
  const bytes = file.state === "read" ? file.bytes : Buffer.alloc(0);
  const packed = bytes.subarray(checksumBytes);
  // A single flipped bit can produce another size or name that looks valid.
  const isWhole = checksumOf(diffId, packed).equals(bytes.subarray(0, checksumBytes));
  const content = isWhole ? unpackContent(packed) : undefined;
  if (!content) await rm(path, { force: true });
  return content;
}

const staleDraftMs = 60 * 60 * 1000; // A write takes seconds; an older draft was left by a crash.

/** Removes the least recently used contents until the rest fits. */
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
    // Another process has evicted it.
    return { bytes: 0, usedMs: 0 };
  }
}
