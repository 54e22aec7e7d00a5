import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, open, readlink, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isBelow } from "./isBelow.ts";
import { readBounded } from "./readBounded.ts";

export interface ReplaceOptions {
  /** The content that the change was based on. A file whose content has changed since is left alone. */
  readonly expected?: Uint8Array;
  /** Folders that the file must be in after links are followed; anywhere if absent. */
  readonly within?: readonly string[];
  /** Permissions of the file. Defaults to its current ones, or 0644 for a new file. */
  readonly mode?: number;
  /**
   * "none" doesn't wait until the file is on the disk itself, which takes some 10 ms. A power failure may then leave a
   * damaged file, which its reader has to recognise.
   */
  readonly sync?: "none";
}

/** The error for a file that wasn't written and is unchanged. The message is a sentence without the file's name. */
export class NotWrittenError extends Error {
  override readonly name = "NotWrittenError";
}

/**
 * Replaces a file's content atomically: a reader finds either the old or the new file, whole, whatever happens
 * meanwhile (a full disk, a killed process, another writer). `write` returns false to keep the file as it was. The file
 * keeps its permissions and its owner.
 */
export async function replaceFile(
  path: string,
  write: Uint8Array | ((file: FileHandle) => Promise<boolean>),
  options: ReplaceOptions = {},
): Promise<void> {
  const target = await targetOf(path, options.within);
  const before = await statOf(target);
  const draft = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}${draftSuffix}`);
  try {
    // "wx" is O_EXCL: it never writes through a file or link that someone else put there.
    const file = await open(draft, "wx", 0o600);
    try {
      const isWanted = await (typeof write === "function" ? write(file) : writeAll(file, write));
      if (!isWanted) return;
      await keepRights(file, before, options.mode);
      if (options.sync !== "none") await file.sync();
    } finally {
      await file.close();
    }
    await checkUnchanged(target, options.expected);
    await rename(draft, target);
    if (options.sync !== "none") await syncFolder(dirname(target));
  } finally {
    await rm(draft, { force: true });
  }
}

/** The suffix of files that hold the new content until they replace the old file. */
export const draftSuffix = ".imagewright-draft";

/** The file that a path leads to, which need not exist. */
async function targetOf(path: string, within: readonly string[] | undefined): Promise<string> {
  const target = await realpath(path).catch(async (error: unknown) => {
    if (!isCode(error, "ENOENT")) throw error;
    if (await isLink(path)) throw new NotWrittenError("it is a link to a file that does not exist");
    return join(await realpath(dirname(path)), basename(path));
  });
  if (within === undefined) return target;
  for (const folder of within) if (isBelow(await realpath(folder), target)) return target;
  throw new NotWrittenError(`it is a link to ${target}, which is in another folder; name that file itself`);
}

async function isLink(path: string): Promise<boolean> {
  return readlink(path).then(
    () => true,
    () => false,
  );
}

async function statOf(target: string): Promise<Stats | undefined> {
  try {
    const found = await stat(target);
    if (!found.isFile()) throw new NotWrittenError(`it is ${found.isDirectory() ? "a folder" : "not a regular file"}`);
    // Replacing the file would bypass its write protection.
    await access(target, constants.W_OK);
    return found;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function writeAll(file: FileHandle, content: Uint8Array): Promise<true> {
  await file.writeFile(content);
  return true;
}

async function keepRights(file: FileHandle, before: Stats | undefined, mode: number | undefined): Promise<void> {
  const own = await file.stat();
  if (before && (own.uid !== before.uid || own.gid !== before.gid))
    await file.chown(before.uid, before.gid).catch((error: unknown) => {
      if (!isCode(error, "EPERM")) throw error;
      throw new NotWrittenError("it belongs to another user or group, which a changed file could not keep");
    });
  await file.chmod(mode ?? (before === undefined ? 0o644 : before.mode & 0o7777));
}

async function checkUnchanged(target: string, expected: Uint8Array | undefined): Promise<void> {
  if (expected === undefined) return;
  const now = await readBounded(target, { maxBytes: expected.length });
  if (now.state !== "read" || !now.bytes.equals(expected))
    throw new NotWrittenError("it has changed since it was read; try again");
}

/** Syncs the folder, so that the new name survives a power failure. Not every file system supports it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is whole under either name; it only became durable later.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
