import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, open, readlink, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isBelow } from "./isBelow.ts";
import { readBounded } from "./readBounded.ts";

export interface ReplaceOptions {
  /** The content that the change was made from. A file that has another one by now is left alone. */
  readonly expected?: Uint8Array;
  /** Links are followed, but only to files in one of these folders; anywhere if absent. */
  readonly within?: readonly string[];
  /** Permissions of the file; those it has if absent, 0644 if it is new. */
  readonly mode?: number;
}

/** A file that was not written; it is as it was before. The message is a sentence without the file's name. */
export class NotWrittenError extends Error {
  override readonly name = "NotWrittenError";
}

/**
 * Puts content in a file's place in one step: whoever reads it, and whatever happens meanwhile (a full disk, a killed process,
 * another writer), finds the old file or the new one, whole. `write` returns false if the file is to stay as it was.
 * The file keeps its permissions and its owner.
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
    // "wx" is O_EXCL: a file or link that somebody put there is never written through.
    const file = await open(draft, "wx", 0o600);
    try {
      const isWanted = await (typeof write === "function" ? write(file) : writeAll(file, write));
      if (!isWanted) return;
      await keepRights(file, before, options.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await checkUnchanged(target, options.expected);
    await rename(draft, target);
    await syncFolder(dirname(target));
  } finally {
    await rm(draft, { force: true });
  }
}

/** The end of the names under which content is written before it takes its place. */
export const draftSuffix = ".imagewright-draft";

/** The file that a path leads to, which need not exist yet. */
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
    // Another file in its place would come around its write protection.
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

/** So that the new name outlives a power failure; not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is whole under either name; only the moment at which it became durable is later.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
