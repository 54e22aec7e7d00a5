import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { isPrivateFolder } from "../../../../oci/files/privateFolder.ts";

/** Keeps texts on disk between sessions. If reading or writing fails, nothing is kept. */
export interface TextCache {
  /** Undefined if it is missing, damaged, or older than `maxAgeMs`. */
  get(key: string, maxAgeMs?: number): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}

/** A cache that stores nothing. */
export const noCache: TextCache = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
};

/** Ten of Debian's indexes take 30 MB. */
const defaultMaxBytes = 150 * 1024 * 1024;

/** Once unpacked, a damaged or foreign file could fill the memory. */
const maxTextBytes = 256 * 1024 * 1024;

const pack = promisify<string, { readonly level: number }, Buffer>(gzip);
const unpack = promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip);

/**
 * A cache in a folder, which is created when needed; a folder that others can open is not used. The least recently used
 * entries are deleted when it is full.
 */
export function createTextCache(folder: string, maxBytes = defaultMaxBytes): TextCache {
  const pathOf = (key: string): string => join(folder, `${createHash("sha256").update(key).digest("hex")}.gz`);
  return {
    get: async (key, maxAgeMs = Infinity) => {
      if (!(await isPrivateFolder(folder))) return undefined;
      const path = pathOf(key);
      const text = await readText(path, key, maxAgeMs);
      if (text !== undefined && maxAgeMs === Infinity) await touch(path);
      return text;
    },
    put: async (key, text) => {
      await ignoreDisk(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        if (!(await isPrivateFolder(folder))) return;
        const partial = join(folder, `${randomUUID()}.partial`);
        await writeFile(partial, await pack(`${key}\n${text}`, { level: 4 }));
        await rename(partial, pathOf(key));
        await evict(folder, maxBytes);
      });
    },
  };
}

/** Reads an entry. The key precedes the text, which prevents confusion with any other file. */
async function readText(path: string, key: string, maxAgeMs: number): Promise<string | undefined> {
  return ignoreDisk(async () => {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > maxAgeMs) return undefined;
    const text = (await unpack(await readFile(path), { maxOutputLength: maxTextBytes })).toString("utf8");
    return text.startsWith(`${key}\n`) ? text.slice(key.length + 1) : undefined;
  });
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await ignoreDisk(() => utimes(path, now, now));
}

async function evict(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { path: join(folder, name), size, mtimeMs };
    }),
  );
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes <= maxBytes) return;
    await rm(path, { force: true });
    bytes -= size;
  }
}

/** Runs disk work whose failure only costs speed: full disks, missing permissions, damaged files. */
async function ignoreDisk<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** Parses JSON that this machine has kept; undefined if it is missing or damaged: then it is made again. */
export function parseKeptJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
