import { mkdir, readdir, rm } from "node:fs/promises";
import nodeModule from "node:module";
import { basename, dirname, join } from "node:path";
import { isPrivateFolder } from "../../oci/files/privateFolder.ts";
import { codeCacheFolder } from "../../oci/source/cacheFolder.ts";
import type { Machine } from "../../oci/source/machine.ts";

// Node 20 has no such cache.
const { enableCompileCache }: Partial<typeof nodeModule> = nodeModule;

/**
 * Keeps what V8 compiles of the modules loaded from here on, which saves a seventh of a short run. Nothing is kept where
 * others could put code, or where the disk can't be written.
 */
export async function keepCompiledCode(machine: Machine, version: string): Promise<void> {
  if (!enableCompileCache) return;
  const folder = codeCacheFolder(machine, version);
  try {
    const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
    if (!(await isPrivateFolder(folder))) return;
    enableCompileCache(folder);
    if (isNew) await removeOtherVersions(folder);
  } catch {
    // A read-only or full disk: the code is compiled again.
  }
}

async function removeOtherVersions(folder: string): Promise<void> {
  const versions = dirname(folder);
  const others = (await readdir(versions)).filter((name) => name !== basename(folder));
  await Promise.all(others.map((name) => rm(join(versions, name), { recursive: true, force: true })));
}
