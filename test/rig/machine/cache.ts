import { link, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./folders.ts";
import { guard, onInterrupt } from "./lifetime.ts";

/** The name includes the version of the content: a new name means creating it again. */
export interface Cached {
  readonly name: string;
  /** Printed before creating it, because that takes long. */
  readonly announce: string;
  /** Fills the given empty folder. */
  make(folder: string): Promise<void>;
}

/** True if a folder with this name was completed before. */
export async function isCached(name: string): Promise<boolean> {
  return stat(join(cacheFolder(), name)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Returns the folder of a slow result, created now if it doesn't exist. It is created under another name and renamed
 * when complete, which guarantees that an existing one is complete; a lock makes a second run wait for the first.
 */
export async function cached(entry: Cached): Promise<string> {
  const final = join(cacheFolder(), entry.name);
  if (await isCached(entry.name)) return final;
  await oneAtATime(entry.name, async () => {
    if (await isCached(entry.name)) return;
    const startedMs = Date.now();
    process.stderr.write(`${entry.announce} …\n`);
    await makeAtomically(entry, final);
    process.stderr.write(`${entry.announce}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
  });
  return final;
}

/** Does the work while no other process, and nothing else in this one, does work with the same name. */
export async function oneAtATime(name: string, work: () => Promise<void>): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = await lock(join(cacheFolder(), `${name}.lock`));
  try {
    await work();
  } finally {
    await unlock();
  }
}

async function makeAtomically(entry: Cached, final: string): Promise<void> {
  const partial = await mkdtemp(`${final}.partial-`);
  const release = guard({ folder: partial });
  try {
    await entry.make(partial);
    await rename(partial, final);
  } finally {
    await rm(partial, { recursive: true, force: true });
    release();
  }
}

/** Longer than the slowest creation on a slow connection. */
const maxLockWaitMs = 15 * 60 * 1000;

async function lock(path: string): Promise<() => Promise<void>> {
  const mine = `${path}.${process.pid}-${process.hrtime.bigint()}`;
  await writeFile(mine, String(process.pid));
  const deadline = Date.now() + maxLockWaitMs;
  // A link, unlike a new file, never exists without its content, the owner's pid.
  while (!(await linkOnce(mine, path))) {
    await removeIfAbandoned(path);
    if (Date.now() > deadline)
      throw new Error(`another run has held ${path} for too long; remove the file if no such run exists`);
    await sleep(200);
  }
  await rm(mine);
  const unlock = async (): Promise<void> => {
    forget();
    await rm(path, { force: true });
  };
  const forget = onInterrupt(unlock);
  return unlock;
}

async function linkOnce(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

async function removeIfAbandoned(path: string): Promise<void> {
  const owner = Number(await readFile(path, "utf8").catch(() => String(process.pid)));
  if (isAlive(owner)) return;
  // Renamed first: if two processes find it abandoned, only one gets it.
  const aside = `${path}.abandoned-${process.pid}`;
  await rename(path, aside).then(
    () => rm(aside),
    () => undefined,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
