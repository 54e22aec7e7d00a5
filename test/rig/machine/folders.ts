import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { guard, onInterrupt } from "./lifetime.ts";

/** A folder that is removed by `remove`, or at the end of this process. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** The folder that keeps slow results between runs. */
export function cacheFolder(): string {
  const { IMAGEWRIGHT_RIG_CACHE, XDG_CACHE_HOME } = process.env;
  return IMAGEWRIGHT_RIG_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "imagewright", "rig");
}

/** Creates a folder with a short path: the path of a socket in it must stay below 108 bytes. */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  return ephemeral(await mkdtemp(join(tmpdir(), `imagewright-${name}-`)));
}

/**
 * Creates a temporary folder next to the cache, on a real disk: /tmp may be memory, or an overlay on which overlay2
 * doesn't work.
 */
export async function temporaryDiskFolder(name: string): Promise<TemporaryFolder> {
  const parent = join(cacheFolder(), "run");
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  return ephemeral(await mkdtemp(join(parent, `${name}-${process.pid}-`)));
}

function ephemeral(path: string): TemporaryFolder {
  const release = guard({ folder: path });
  const remove = async (): Promise<void> => {
    forget();
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    release();
  };
  const forget = onInterrupt(remove);
  return { path, remove };
}

/** Only a power cut bypasses the guardian; a day is longer than any run. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changed > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
